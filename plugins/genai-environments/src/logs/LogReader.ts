import {
  LogLine,
  LogRequest,
  MAX_LOG_LINES,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import type { GenaiEnvironmentsApi } from '../api';
import { statusOf } from '../environment/errors';

/** Lines kept in memory; older ones are dropped. */
export const MAX_KEPT_LINES = 5000;

/** Pages that one read takes at most: more would push out all that is kept. */
const MAX_PAGES = MAX_KEPT_LINES / MAX_LOG_LINES;

/** A line with its place among all that were read: ascending, and never given twice. */
export type NumberedLine = LogLine & { number: number };

/** What is known of the logs right now. */
export type LogSnapshot = {
  /** Oldest first. Absent until the first read worked. */
  lines?: NumberedLine[];
  /** Why the last read failed. */
  error?: Error;
};

/** Reads the logs of one environment, each time what is new since the time before. */
export class LogReader {
  private snapshot: LogSnapshot = {};
  private readonly listeners = new Set<() => void>();
  private cursor?: string;
  private nextNumber = 0;
  private reading?: Promise<void>;

  constructor(
    private readonly options: {
      api: Pick<GenaiEnvironmentsApi, 'readLogs'>;
      name: string;
      /** Lines of this service only. */
      service?: LogRequest['service'];
    },
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly getSnapshot = (): LogSnapshot => this.snapshot;

  /** Never rejects: the snapshot says what failed. One read at a time. */
  readonly read = (): Promise<void> => {
    this.reading ??= this.readNew().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  };

  private async readNew() {
    try {
      for (let page = 0; page < MAX_PAGES; page += 1) {
        const isFirst = this.cursor === undefined;
        const count = await this.readPage();
        if (isFirst || count < MAX_LOG_LINES) break;
      }
    } catch (error) {
      this.patch({ error: error as Error });
    }
  }

  /** Takes one page and says how many lines it had. */
  private async readPage(): Promise<number> {
    const { items, cursor, restarted } = await this.fetchPage();
    const kept = restarted ? [] : this.snapshot.lines ?? [];
    const added = items.map(line => ({ ...line, number: this.nextNumber++ }));
    this.cursor = cursor;
    if (restarted || added.length > 0 || !this.snapshot.lines) {
      const lines = [...kept, ...added].slice(-MAX_KEPT_LINES);
      this.patch({ lines, error: undefined });
    } else if (this.snapshot.error) {
      this.patch({ error: undefined });
    }
    return items.length;
  }

  /** Starts over from the newest lines when the cursor is not honoured any more. */
  private async fetchPage() {
    const { api, name, service } = this.options;
    const request = { service, limit: MAX_LOG_LINES };
    const after = this.cursor;
    try {
      return {
        ...(await api.readLogs(name, { ...request, ...(after && { after }) })),
        restarted: false,
      };
    } catch (error) {
      if (after === undefined || statusOf(error) !== 400) throw error;
      this.cursor = undefined;
      return { ...(await api.readLogs(name, request)), restarted: true };
    }
  }

  private patch(changes: Partial<LogSnapshot>) {
    this.snapshot = { ...this.snapshot, ...changes };
    this.listeners.forEach(listener => listener());
  }
}
