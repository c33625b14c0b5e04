/** One call of a model by an application. */
export type UsageRecord = {
  clientId: string;
  model: string;
  inputTokens: number;
  outputTokens: number;
  failed: boolean;
};

/** Usage of one model by one application on one day (UTC). */
export type UsageItem = {
  clientId: string;
  model: string;
  /** `YYYY-MM-DD`. */
  day: string;
  /** All calls, failed ones included. */
  invocations: number;
  failedInvocations: number;
  inputTokens: number;
  outputTokens: number;
};

/** Port: counts what was used. Never holds what was asked or answered. */
export interface UsageLedger {
  /**
   * Books a call. Does not block: durable within 50 ms (`docs/adr/0005`). Never throws.
   */
  record(usage: UsageRecord): void;

  /**
   * What was booked from day `from` to day `to`, both inclusive, by day, application
   * and model ascending. Sees every record made before the call.
   */
  query(range: { from: string; to: string }): Promise<UsageItem[]>;

  /** Writes what is pending. */
  flush(): Promise<void>;

  /** Writes what is pending and stops. */
  close(): Promise<void>;
}
