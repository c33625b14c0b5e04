import { estimateTokens, splitTokens } from './tokens';

describe('splitTokens', () => {
  it.each([
    'The quick brown fox.',
    '  leading and trailing  ',
    'Rotterdam — 世界, naïve café! 12345678',
    '',
    '\n\n',
  ])('loses nothing of %j', text => {
    expect(splitTokens(text).join('')).toBe(text);
  });

  it('comes near what BPE tokenizers count for English', () => {
    // 44 tokens by cl100k_base and by o200k_base.
    const text =
      'A developer presses Create in Backstage and, minutes later, their project owns a running, secured environment; ' +
      'the entity page shows how it is and how to call it; one button takes it away again without leaving anything.';
    expect(estimateTokens(text)).toBeGreaterThan(44 * 0.9);
    expect(estimateTokens(text)).toBeLessThan(44 * 1.1);
  });
});
