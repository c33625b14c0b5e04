import * as fc from 'fast-check';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { splitTokens } from './tokens';

const LONE_SURROGATE = /\p{Surrogate}/u;

const words = fc
  .array(
    fc.oneof(
      fc.lorem({ maxCount: 3 }),
      fc.constantFrom('. ', '\n\n', '世界'.repeat(50), '😀😀', '<|endoftext|>'),
      fc.constantFrom('x'.repeat(500), '  \t ', "it's ", '1234567 '),
    ),
    { maxLength: 60 },
  )
  .map(parts => parts.join(' '));

describe('splitTokens', () => {
  it('keeps to the number of tokens and loses nothing', () => {
    fc.assert(
      fc.property(
        words,
        fc.integer({ min: 80, max: 300 }),
        (text, chunkSize) => {
          const spans = splitTokens(text, { chunkSize, chunkOverlap: 20 });
          let reached = 0;
          for (const { start, end } of spans) {
            const chunk = text.slice(start, end);
            expect(chunk).not.toMatch(LONE_SURROGATE);
            expect(
              countTokens(chunk, { disallowedSpecial: new Set() }),
            ).toBeLessThanOrEqual(chunkSize);
            expect(text.slice(reached, start).trim()).toBe('');
            reached = Math.max(reached, end);
          }
          expect(text.slice(reached).trim()).toBe('');
        },
      ),
    );
  });

  it('overlaps by whole words', () => {
    const text = Array.from({ length: 40 }, (_, index) => `w${index}`).join(
      ' ',
    );
    const chunks = splitTokens(text, { chunkSize: 30, chunkOverlap: 9 }).map(
      ({ start, end }) => text.slice(start, end).split(' '),
    );
    expect(chunks.length).toBeGreaterThan(2);
    for (let index = 1; index < chunks.length; index++) {
      expect(chunks[index - 1]).toContain(chunks[index][0]);
    }
  });

  it('finds nothing in nothing', () => {
    expect(splitTokens('', { chunkSize: 10, chunkOverlap: 0 })).toEqual([]);
    expect(splitTokens(' \n ', { chunkSize: 10, chunkOverlap: 0 })).toEqual([]);
  });
});
