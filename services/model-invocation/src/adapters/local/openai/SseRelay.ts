import type { TokenUsage } from '../../../domain/Model';
import { findUsage } from './usage';

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;
const SPACE = 0x20;
/** Where text stands: of an answer, of reasoning, and of the input of a tool. */
const TEXTS = ['"content":', '"reasoning_content":', '"arguments":'].map(key =>
  Buffer.from(key),
);
const USAGE = Buffer.from('"usage"');
const NO_CHOICES = /"choices"\s*:\s*\[\s*\]/;
const ERROR = /^data:\s*\{\s*"error"\s*:/;
const DONE = /^data:\s*\[DONE\]/;

/**
 * Passes server-sent events of a chat stream on, whole events at a time, and notes what
 * they say about usage. Holds the usage event back from callers that did not ask for it.
 */
export class SseRelay {
  private rest: Buffer = Buffer.alloc(0);
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
    const passed: Buffer[] = [];
    let start = 0;
    for (;;) {
      const end = endOfEvent(data, start);
      if (end < 0) break;
      const event = data.subarray(start, end);
      if (this.look(event)) passed.push(event);
      start = end;
    }
    this.rest = data.subarray(start);
    return passed.length === 1 ? passed[0] : Buffer.concat(passed);
  }

  /** What came after the last complete event. */
  end(): Buffer {
    const { rest } = this;
    this.rest = Buffer.alloc(0);
    return rest.length > 0 && this.look(rest) ? rest : Buffer.alloc(0);
  }

  /** Whether the caller gets the event. */
  private look(event: Buffer): boolean {
    if (hasText(event)) this.textEvents++;
    if (event.length < 64) {
      const text = event.toString('latin1');
      if (DONE.test(text)) this.done = true;
    }
    if (event.length < 4096 && ERROR.test(event.toString('latin1', 0, 40))) {
      this.failed = true;
    }
    if (!event.includes(USAGE)) return true;

    const usage = findUsage(event);
    if (!usage) return true;
    this.usage = usage;
    const onlyUsage = NO_CHOICES.test(event.toString('latin1'));
    return !onlyUsage || this.options.passUsage;
  }
}

/** Whether something was written: a string that is not empty. */
function hasText(event: Buffer): boolean {
  return TEXTS.some(key => hasTextAt(key, event));
}

function hasTextAt(key: Buffer, event: Buffer): boolean {
  let index = event.indexOf(key);
  if (index < 0) return false;
  index += key.length;
  while (event[index] === SPACE) index++;
  return event[index] === QUOTE && event[index + 1] !== QUOTE;
}

/** Index after the blank line that ends an event; -1 when it is not there yet. */
function endOfEvent(data: Buffer, start: number): number {
  let index = data.indexOf(LF, start);
  while (index >= 0) {
    const next = data[index + 1] === CR ? index + 2 : index + 1;
    if (data[next] === LF) return next + 1;
    index = data.indexOf(LF, index + 1);
  }
  return -1;
}
