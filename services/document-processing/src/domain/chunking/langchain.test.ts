import {
  CharacterTextSplitter,
  MarkdownTextSplitter,
  RecursiveCharacterTextSplitter,
  TextSplitter,
} from '@langchain/textsplitters';
import * as fc from 'fast-check';
import { splitFixedSize } from './fixedSize';
import { MARKDOWN_SEPARATORS, splitRecursively } from './recursive';
import type { ChunkSize, Span } from './Span';

const LONE_SURROGATE = /\p{Surrogate}/u;

/** Text with what the splitters look for, and without surrogate pairs. */
const text = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.stringMatching(/^[a-zäß世.]{1,12}$/) },
      {
        weight: 4,
        arbitrary: fc.constantFrom(' ', '  ', '\n', '\n\n', '\n\n\n'),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom('\n## ', '\n### ', '```\n\n', '\n\n---\n\n'),
      },
      { weight: 1, arbitrary: fc.constantFrom('\t', '\u00a0', 'x'.repeat(90)) },
    ),
    { maxLength: 120 },
  )
  .map(parts => parts.join(''));

const size = fc
  .record({
    chunkSize: fc.integer({ min: 2, max: 120 }),
    share: fc.double({ min: 0, max: 0.99, noNaN: true }),
  })
  .map(({ chunkSize, share }) => ({
    chunkSize,
    chunkOverlap: Math.floor(chunkSize * share),
  }));

async function expectSame(
  split: (value: string, by: ChunkSize) => Span[],
  reference: (by: ChunkSize) => TextSplitter,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(text, size, async (value, by) => {
      const chunks = split(value, by).map(({ start, end }) =>
        value.slice(start, end),
      );
      expect(chunks).toEqual(await reference(by).splitText(value));
    }),
    { numRuns: 1500 },
  );
}

describe('boundaries are those of LangChain', () => {
  it('fixed_size: CharacterTextSplitter with the separator ""', () =>
    expectSame(
      splitFixedSize,
      by => new CharacterTextSplitter({ ...by, separator: '' }),
    ));

  it('recursive: RecursiveCharacterTextSplitter', () =>
    expectSame(splitRecursively, by => new RecursiveCharacterTextSplitter(by)));

  it('markdown: MarkdownTextSplitter', () =>
    expectSame(
      (value, by) => splitRecursively(value, by, MARKDOWN_SEPARATORS),
      by => new MarkdownTextSplitter(by),
    ));
});

describe('what LangChain does not promise', () => {
  const emoji = fc.stringMatching(/^[a😀 \n👩🏽]{0,200}$/u);
  it.each([
    ['fixed_size', splitFixedSize],
    ['recursive', splitRecursively],
  ])('%s tears no surrogate pair and loses no word', (_name, split) => {
    fc.assert(
      fc.property(emoji, size, (value, by) => {
        const spans = split(value, by);
        const covered = new Set<number>();
        for (const { start, end } of spans) {
          expect(value.slice(start, end)).not.toMatch(LONE_SURROGATE);
          for (let at = start; at < end; at++) covered.add(at);
        }
        const lost = [...value.matchAll(/\S/g)].filter(
          ({ index }) => !covered.has(index),
        );
        expect(lost).toEqual([]);
      }),
    );
  });
});
