import type { ExtractedPage } from '../../../domain/artefacts/pages';
import { PAGE_CHARACTERS } from '../../../domain/layout/Block';
import { damaged, tooLarge } from './rejections';

/** Largest JSON document, in characters: it is cut as a whole. */
const MAX_JSON_CHARACTERS = 20_000_000;

/** Levels of arrays and objects within each other. */
const MAX_JSON_DEPTH = 200;

/** Pages end at a form feed, or at the last line end before they are too long. */
export async function* readPlainText(
  parts: AsyncIterable<string>,
): AsyncGenerator<ExtractedPage> {
  let pageNumber = 0;
  const toPage = (text: string) => {
    pageNumber += 1;
    return { pageNumber, text, tables: [] };
  };
  let pending = '';
  for await (const part of parts) {
    pending += part;
    // Looking through all that is pending at each part would be quadratic.
    if (pending.length <= PAGE_CHARACTERS && !part.includes('\f')) continue;
    for (let cut = findCut(pending); cut; cut = findCut(pending)) {
      yield toPage(pending.slice(0, cut.end));
      pending = pending.slice(cut.next);
    }
  }
  if (pending.trim() !== '' || pageNumber === 0) yield toPage(pending);
}

/**
 * The document as it is, in one page.
 *
 * @throws Rejection when it is not JSON, too large or nested too deeply
 */
export async function* readJson(
  parts: AsyncIterable<string>,
): AsyncGenerator<ExtractedPage> {
  let text = '';
  for await (const part of parts) {
    text += part;
    if (text.length > MAX_JSON_CHARACTERS) {
      throw tooLarge(
        `A json file may have at most ${MAX_JSON_CHARACTERS} characters.`,
      );
    }
  }
  assertJson(text);
  yield { pageNumber: 1, text, tables: [] };
}

/**
 * Pages of whole lines.
 *
 * @throws Rejection when a line is not JSON
 */
export async function* readJsonLines(
  parts: AsyncIterable<string>,
): AsyncGenerator<ExtractedPage> {
  let line = 0;
  for await (const page of readPlainText(wholeLines(parts))) {
    for (const text of page.text.split('\n')) {
      line += 1;
      if (text.trim() !== '') assertJson(text, ` (line ${line})`);
    }
    yield page;
  }
}

function assertJson(text: string, where = ''): void {
  if (depthOf(text) > MAX_JSON_DEPTH) {
    throw tooLarge(
      `JSON may be nested at most ${MAX_JSON_DEPTH} levels deep${where}.`,
    );
  }
  try {
    JSON.parse(text);
  } catch (error) {
    throw damaged(where ? 'jsonl' : 'json', error);
  }
}

/** Brackets outside of strings; found before a parser could run out of stack. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[{\]}]/gs)) {
    if (token === '[' || token === '{') deepest = Math.max(deepest, ++depth);
    else if (token === ']' || token === '}') depth -= 1;
  }
  return deepest;
}

async function* wholeLines(
  parts: AsyncIterable<string>,
): AsyncGenerator<string> {
  let pending: string[] = [];
  let size = 0;
  for await (const part of parts) {
    const end = part.lastIndexOf('\n') + 1;
    if (end > 0) {
      yield pending.join('') + part.slice(0, end);
      pending = [];
      size = 0;
    }
    pending.push(part.slice(end));
    size += part.length - end;
    if (size > PAGE_CHARACTERS) {
      throw tooLarge(
        `A line of a jsonl file may have at most ${PAGE_CHARACTERS} characters.`,
      );
    }
  }
  yield pending.join('');
}

/** Where the page ends and the next one begins, once that is known. */
function findCut(text: string): { end: number; next: number } | undefined {
  const formFeed = text.indexOf('\f');
  if (formFeed >= 0 && formFeed <= PAGE_CHARACTERS) {
    return { end: formFeed, next: formFeed + 1 };
  }
  if (text.length <= PAGE_CHARACTERS) return undefined;
  const lineFeed = text.lastIndexOf('\n', PAGE_CHARACTERS);
  if (lineFeed > 0) return { end: lineFeed, next: lineFeed + 1 };
  const space = text.lastIndexOf(' ', PAGE_CHARACTERS);
  const end = space > 0 ? space : PAGE_CHARACTERS;
  return { end, next: end };
}
