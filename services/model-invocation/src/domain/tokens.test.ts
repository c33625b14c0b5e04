import fc from 'fast-check';
import { estimateJsonTokens, estimateTokens, splitTokens } from './tokens';

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

describe('estimateTokens', () => {
  const pieces = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom(...'aB7 \n\u00a0.,é\u0301世のไ𠀀😀') }),
    // Halves of a pair.
    fc
      .array(fc.integer({ min: 0xd700, max: 0xe100 }))
      .map(units => String.fromCharCode(...units)),
  );

  it('counts what splitTokens makes', () => {
    fc.assert(
      fc.property(pieces, text => {
        expect(estimateTokens(text)).toBe(splitTokens(text).length);
      }),
      { numRuns: 2000 },
    );
  });

  it('comes near what a schema takes', () => {
    // 33 tokens by o200k_base.
    const schema =
      '{"type":"object","properties":{"city":{"type":"string","description":"Name of the city"},"days":{"type":"integer"}},"required":["city"]}';
    expect(estimateTokens(schema)).toBeGreaterThan(33 * 1.5);
    expect(estimateJsonTokens(schema)).toBeLessThan(33 * 1.4);
    expect(estimateJsonTokens(schema)).toBeGreaterThanOrEqual(33);
  });
});
