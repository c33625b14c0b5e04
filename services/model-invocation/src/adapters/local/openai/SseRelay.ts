import type { TokenUsage } from '../../../domain/Model';
import { TextFinder } from './TextFinder';
import { findUsage } from './usage';

/** Where text stands: of an answer, of reasoning, and of the input of a tool. */
const TEXTS = [
  '"content":',
  '"reasoning_content":',
  '"reasoning":',
  '"arguments":',
];
/** Of text as it stands in JSON. */
const BYTES_PER_TOKEN = 4;
const NO_CHOICES = /"choices"\s*:\s*\[\s*\]/;
const ERROR = /data:\s*\{\s*"error"\s*:/y;
const DONE = /data:\s*\[DONE\]/y;
const NOTHING = Buffer.alloc(0);

/** Finders of one piece of the stream, which is read as Latin-1: one character a byte. */
type Finders = { texts: TextFinder[]; usage: TextFinder };

/**
 * Passes server-sent events of a chat stream on, whole events at a time, and notes what
 * they say about usage. Holds the usage event back from callers that did not ask for it.
 */
export class SseRelay {
  private rest: Buffer = NOTHING;
  /** As the upstream counted it; `undefined` until it did. */
  usage: TokenUsage | undefined;
  /** Events with text; most servers send about one token in each. */
  private textEvents = 0;
  private textBytes = 0;
  /** The upstream said that it is done. */
  done = false;
  /** The upstream reported an error within the stream. */
  failed = false;

  constructor(private readonly options: { passUsage: boolean }) {}

  /** Tokens that were written, for upstreams that did not count: some send many at once. */
  estimateOutput(): number {
    const { textEvents, textBytes } = this;
    return Math.max(textEvents, Math.ceil(textBytes / BYTES_PER_TOKEN));
  }

  /** Answers the events that are complete now; possibly nothing. */
  push(chunk: Buffer): Buffer {
    const data = this.rest.length ? Buffer.concat([this.rest, chunk]) : chunk;
    const text = data.toString('latin1');
    const finders = findersOf(text);
    const kept: Buffer[] = [];
    let start = 0;
    let keptFrom = 0;
    for (;;) {
      const end = endOfEvent(text, start);
      if (end < 0) break;
      if (!this.look(text, { start, end, finders })) {
        kept.push(data.subarray(keptFrom, start));
        keptFrom = end;
      }
      start = end;
    }
    this.rest = data.subarray(start);
    const last = data.subarray(keptFrom, start);
    return kept.length === 0 ? last : Buffer.concat([...kept, last]);
  }

  /** What came after the last complete event. */
  end(): Buffer {
    const { rest } = this;
    this.rest = NOTHING;
    const text = rest.toString('latin1');
    const all = { start: 0, end: text.length, finders: findersOf(text) };
    return text !== '' && this.look(text, all) ? rest : NOTHING;
  }

  /** Whether the caller gets the event. */
  private look(
    text: string,
    event: { start: number; end: number; finders: Finders },
  ): boolean {
    const { start, end, finders } = event;
    const bytes = bytesOfText(text, event);
    if (bytes > 0) {
      this.textEvents++;
      this.textBytes += bytes;
    }
    if (beginsWith(DONE, text, start)) this.done = true;
    if (beginsWith(ERROR, text, start)) this.failed = true;
    if (finders.usage.find(start, end) < 0) return true;

    const written = text.slice(start, end);
    const usage = findUsage(Buffer.from(written, 'latin1'));
    if (!usage) return true;
    this.usage = usage;
    return !NO_CHOICES.test(written) || this.options.passUsage;
  }
}

function findersOf(text: string): Finders {
  return {
    texts: TEXTS.map(key => new TextFinder(text, key)),
    usage: new TextFinder(text, '"usage"'),
  };
}

/** @param pattern - sticky */
function beginsWith(pattern: RegExp, text: string, start: number): boolean {
  pattern.lastIndex = start;
  return pattern.test(text);
}

/** How much was written: the longest string, as some servers say the same twice. */
function bytesOfText(
  text: string,
  { start, end, finders }: { start: number; end: number; finders: Finders },
): number {
  let bytes = 0;
  for (let index = 0; index < TEXTS.length; index++) {
    let at = finders.texts[index].find(start, end);
    if (at < 0) continue;
    at += TEXTS[index].length;
    while (text[at] === ' ') at++;
    if (text[at] !== '"') continue;
    bytes = Math.max(bytes, endOfString(text, at + 1) - at - 1);
  }
  return bytes;
}

/** Index of the quote that ends a string. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start);
  while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end;
}

function isEscaped(text: string, at: number): boolean {
  let slash = at - 1;
  while (text[slash] === '\\') slash--;
  return (at - slash) % 2 === 0;
}

/** Index after the blank line that ends an event; -1 when it is not there yet. */
function endOfEvent(text: string, start: number): number {
  let index = text.indexOf('\n', start);
  while (index >= 0) {
    const next = text[index + 1] === '\r' ? index + 2 : index + 1;
    if (text[next] === '\n') return next + 1;
    index = text.indexOf('\n', index + 1);
  }
  return -1;
}
