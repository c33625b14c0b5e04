/** A call of a model that is about to be made. */
export type PlannedCall = {
  clientId: string;
  model: string;
  /** Estimate of what is asked. */
  inputTokens: number;
  /** Most that may be answered: what the caller allows, or the model's own limit. 0 for embeddings. */
  maxOutputTokens: number;
};

/** What is held back for a call until it is settled or released; once, later calls do nothing. */
export interface Reservation {
  /** Whether tokens or money are held back: no answer may then be longer than planned. */
  readonly isBound?: boolean;
  /** Books what was really used and gives the rest back. Never throws. */
  settle(usage: {
    inputTokens: number;
    outputTokens: number;
    /** Millionths of a US dollar; default: by the price of the tokens. */
    costMicroUsd?: number;
  }): void;
  /** The call was not made, or cost nothing: gives everything back. Never throws. */
  release(): void;
}

/**
 * Port: limits of an application and of the environment, held under concurrency: what all
 * calls in flight may cost at most is reserved before each, so a cap is never overspent.
 */
export interface CallGate {
  /**
   * @throws LimitExceededError (`requests_per_minute`, `tokens_per_minute`, `token_budget`,
   *   `money_budget`) that names the limit and says when it resets
   */
  reserve(call: PlannedCall): Reservation | Promise<Reservation>;
}
