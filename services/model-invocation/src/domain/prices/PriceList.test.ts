import { PriceList } from './PriceList';

const prices = new PriceList({
  overrides: { 'my-model': { input: 0.1, output: 2 } },
});
const usage = { inputTokens: 1000, outputTokens: 100 };

describe('PriceList', () => {
  it.each([
    ['the id of a model', 'anthropic.claude-sonnet-4-5-20250929-v1:0'],
    ['an inference profile', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0'],
    [
      'the ARN of a profile',
      'arn:aws:bedrock:us-east-1:123456789012:inference-profile/eu.anthropic.claude-sonnet-4-5-20250929-v1:0',
    ],
  ])('prices %s', (_what, id) => {
    // 1000 * 3 + 100 * 15
    expect(prices.costMicroUsd({ id }, usage)).toBe(4500);
  });

  it('prices a model under the name it is listed at', () => {
    const model = { id: 'fast', pricedAs: 'amazon.nova-lite-v1:0' };
    expect(prices.costMicroUsd(model, usage)).toBe(84);
  });

  it('takes the price that the owner says before the listed one', () => {
    expect(prices.costMicroUsd({ id: 'my-model' }, usage)).toBe(300);
  });

  it('prices what a prompt cache gave and took', () => {
    const model = { id: 'anthropic.claude-haiku-4-5-20251001-v1:0' };
    const cost = prices.costMicroUsd(model, {
      inputTokens: 1000,
      outputTokens: 10,
      cacheReadTokens: 800,
      cacheWriteTokens: 100,
    });
    // 100 * 1 + 800 * 0.1 + 100 * 1.25 + 10 * 5
    expect(cost).toBe(355);
  });

  it('rounds a part of a millionth up, and nothing else', () => {
    const cost = (inputTokens: number) =>
      prices.costMicroUsd({ id: 'my-model' }, { inputTokens, outputTokens: 0 });
    expect([cost(1), cost(10), cost(30), cost(31)]).toEqual([1, 1, 3, 4]);
  });

  it('lets models of this machine cost nothing', () => {
    expect(prices.costMicroUsd({ id: 'local.extractive' }, usage)).toBe(0);
    expect(prices.find({ id: 'llama3.2' })).toBeUndefined();
  });

  it('says of which day its prices are', () => {
    expect(prices.date).toMatch(/^\d{4}-\d\d-\d\d$/);
  });
});
