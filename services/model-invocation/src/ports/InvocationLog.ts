import type { CallStatus } from './UsageLedger';

/** One call of a model, without what was asked or answered. */
export type LoggedCall = {
  clientId: string;
  model: string;
  status: CallStatus;
  inputTokens: number;
  outputTokens: number;
  /** Millionths of a US dollar. */
  costMicroUsd: number;
  durationMs: number;
  cached: boolean;
  /** When the call ended, milliseconds since 1970. */
  at: number;
};

export type LogPage = {
  items: LoggedCall[];
  /** Where the next page begins; absent on the last one. */
  nextCursor?: string;
};

/** Port: the calls of the last days, one row each. */
export interface InvocationLog {
  /**
   * Adds a call. Does not block: durable within 50 ms (`docs/adr/0005`), in DynamoDB
   * within a second (`docs/adr/0011`). Never throws; while nothing can be written the newest calls are kept, up to a bound.
   */
  record(call: LoggedCall): void;

  /**
   * Calls of one application, newest first. Reads `limit` + 1 rows, however many there
   * are. A cursor stays valid while calls are added and removed: nothing comes twice.
   *
   * @throws InvalidInputError for a cursor that was not one of its answers
   */
  page(
    clientId: string,
    options: { limit: number; cursor?: string },
  ): Promise<LogPage>;

  /**
   * Removes at most `limit` calls that ended before `before`, oldest first. Fewer than
   * `limit` removed: nothing is left to do.
   *
   * @returns how many were removed
   */
  deleteOlder(before: number, limit: number): Promise<number>;

  /** Writes what is pending. */
  flush(): Promise<void>;

  /** Writes what is pending and stops. */
  close(): Promise<void>;
}
