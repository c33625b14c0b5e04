const END_OF_EVENT = /\r?\n\r?\n/;
const DATA = /^data: ?/;

/** Takes a stream of server-sent events apart: `data` of each, in order. */
export class SseReader {
  private readonly decoder = new TextDecoder();
  private rest = '';

  /** `data` of the events that are complete now. */
  push(chunk: Buffer): string[] {
    this.rest += this.decoder.decode(chunk, { stream: true });
    const events = this.rest.split(END_OF_EVENT);
    this.rest = events.pop()!;
    return events.map(dataOf).filter(Boolean);
  }

  /** `data` of an event that nobody ended. */
  end(): string[] {
    const data = dataOf(this.rest);
    this.rest = '';
    return data ? [data] : [];
  }
}

/** An event may have several lines of data. */
function dataOf(event: string): string {
  return event
    .split(/\r?\n/)
    .filter(line => DATA.test(line))
    .map(line => line.replace(DATA, ''))
    .join('\n');
}
