import {
  DEFAULT_LOG_LINES,
  LogLine,
  LogPage,
  LogRequest,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import { fakeResponseError } from './fakeErrors';

/** Logs in memory. Cursors count lines, and can be made to expire. */
export class FakeLogs {
  readonly lines: LogLine[] = [];
  private generation = 0;

  /** Appends lines, a second apart unless they say when. */
  write(...lines: Array<Partial<LogLine> & { message: string }>): void {
    for (const line of lines) {
      const index = this.lines.length;
      const at = new Date(Date.UTC(2026, 2, 2, 9, 0, index)).toISOString();
      this.lines.push({ id: `line-${index}`, at, level: 'info', ...line });
    }
  }

  /** Cursors that were given out until now are refused from now on. */
  expireCursors(): void {
    this.generation += 1;
  }

  async read(request: LogRequest): Promise<LogPage> {
    const { service, after, limit = DEFAULT_LOG_LINES } = request;
    const matches = (line: LogLine) => !service || line.service === service;
    const cursorAt = (index: number) => `${this.generation}:${index}`;
    if (after === undefined) {
      return {
        items: this.lines.filter(matches).slice(-limit),
        cursor: cursorAt(this.lines.length),
      };
    }
    const [generation, start] = after.split(':').map(Number);
    if (generation !== this.generation) {
      throw await fakeResponseError(400, 'The cursor is not known any more.');
    }
    const end = Math.min(start + limit, this.lines.length);
    return {
      items: this.lines.slice(start, end).filter(matches),
      cursor: cursorAt(end),
    };
  }
}
