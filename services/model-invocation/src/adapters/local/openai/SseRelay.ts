import type { TokenUsage } from '../../../domain/Model';
import { TextFinder } from './TextFinder';
import { findUsage } from './usage';

/** Where text stands: of an answer, of reasoning, and of the input of a tool. */
const TEXTS = ['"content":', '"reasoning_content":', '"arguments":'];
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
  /** Events with text; servers send about one token in each. */
  textEvents = 0;
  /** The upstream said that it is done. */
  done = false;
  /** The upstream reported an error within the stream. */
  failed = false;

  constructor(private readonly options: { passUsage: boolean }) {}

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
    if (hasText(text, event)) this.textEvents++;
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

/** Whether something was written: a string that is not empty. */
function hasText(
  text: string,
  { start, end, finders }: { start: number; end: number; finders: Finders },
): boolean {
  return finders.texts.some((finder, index) => {
    let at = finder.find(start, end);
    if (at < 0) return false;
    at += TEXTS[index].length;
    while (text[at] === ' ') at++;
    return text[at] === '"' && text[at + 1] !== '"';
  });
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
