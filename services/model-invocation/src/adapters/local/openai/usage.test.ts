import { findUsage } from './usage';

const find = (body: unknown) =>
  findUsage(
    Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  );

describe('findUsage', () => {
  it('finds usage wherever it stands', () => {
    const usage = {
      prompt_tokens: 3,
      completion_tokens: 4,
      prompt_tokens_details: { cached_tokens: 1 },
    };
    const expected = {
      inputTokens: 3,
      outputTokens: 4,
      cacheReadTokens: 1,
    };
    expect(find({ usage, choices: [{ message: {} }] })).toEqual(expected);
    expect(find({ choices: [{ message: {} }], usage })).toEqual(expected);
  });

  it('is not fooled by what a model wrote', () => {
    const content = '"usage":{"prompt_tokens":999,"completion_tokens":999}';
    expect(
      find({
        choices: [{ message: { content } }],
        usage: { prompt_tokens: 3, completion_tokens: 4 },
      }),
    ).toEqual({ inputTokens: 3, outputTokens: 4 });
    expect(find({ choices: [{ message: { content } }] })).toBeUndefined();
  });

  it.each([
    ['none', '{}'],
    ['null', '{"usage":null}'],
    ['half of it', '{"usage":{"prompt_tokens":3'],
    ['negative numbers', '{"usage":{"prompt_tokens":-3}}'],
  ])('answers nothing for %s', (_what, body) => {
    expect(find(body)).toBeUndefined();
  });
});
