/** `cancelled`: the caller hung up; what was produced until then is booked. */
export type CallStatus = 'succeeded' | 'failed' | 'cancelled';

/** One call of a model by an application. */
export type UsageRecord = {
  clientId: string;
  model: string;
  inputTokens: number;
  outputTokens: number;
  failed: boolean;
  /** Default: what `failed` says. */
  status?: CallStatus;
  /** From asking the model to the end of its answer; default 0. */
  durationMs?: number;
  /** Millionths of a US dollar, whole; default 0. */
  costMicroUsd?: number;
  /** Answered from the cache: no model was asked. Default no. */
  cached?: boolean;
};

/** Sums over calls. */
export type UsageCounters = {
  /** All calls, failed, cancelled and cached ones included. */
  invocations: number;
  failedInvocations: number;
  cancelledInvocations: number;
  cachedInvocations: number;
  inputTokens: number;
  outputTokens: number;
  /** Millionths of a US dollar. */
  costMicroUsd: number;
  durationMs: number;
};

/** Usage of one model by one application on one day (UTC). */
export type UsageItem = UsageCounters & {
  clientId: string;
  model: string;
  /** `YYYY-MM-DD`. */
  day: string;
};

/** Days `YYYY-MM-DD`, both inclusive. */
export type DayRange = { from: string; to: string };

/** Port: counts what was used. Never holds what was asked or answered. */
export interface UsageLedger {
  /**
   * Books a call. Does not block: durable within 50 ms (`docs/adr/0005`), in DynamoDB
   * within a second (`docs/adr/0011`). Never throws.
   */
  record(usage: UsageRecord): void;

  /**
   * What was booked in the range, of one application or of all, by day, application and
   * model ascending. Sees every record made before the call.
   */
  query(range: DayRange & { clientId?: string }): Promise<UsageItem[]>;

  /**
   * The sums of one application in the range, by model ascending. Reads counters, never
   * calls. Sees every record made before it.
   */
  sumByModel(
    clientId: string,
    range: DayRange,
  ): Promise<Array<UsageCounters & { model: string }>>;

  /** Writes what is pending. */
  flush(): Promise<void>;

  /** Writes what is pending and stops. */
  close(): Promise<void>;
}

/** How a call ended, whichever way its record says so. */
export function statusOf(usage: UsageRecord): CallStatus {
  return usage.status ?? (usage.failed ? 'failed' : 'succeeded');
}
