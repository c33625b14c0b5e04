import type { GenerateRequest, TokenUsage } from '../domain/Model';

/** Why an invocation failed, as it is told to the caller. */
export type InvocationFailure = { code: string; message: string };

export type InvocationOutcome =
  | ({ status: 'succeeded'; text: string } & TokenUsage)
  | { status: 'failed'; failure: InvocationFailure };

/** An accepted invocation. */
export type StoredInvocation = {
  id: string;
  clientId: string;
  /** How often a run was begun. */
  attempts: number;
} & ({ status: 'pending' } | InvocationOutcome);

/** A run that was begun. */
export type ClaimedInvocation = {
  id: string;
  clientId: string;
  request: GenerateRequest;
  /** This run included. */
  attempts: number;
};

/**
 * Port: asynchronous invocations and their results. Everything it answers is durable.
 * Times are milliseconds since 1970.
 */
export interface InvocationStore {
  /** Remembers a request before its id is told to anybody. */
  accept(invocation: {
    id: string;
    clientId: string;
    request: GenerateRequest;
    acceptedAt: number;
  }): Promise<void>;

  /** Counts an attempt and answers the request; `undefined` when it is done or gone. */
  claim(id: string): Promise<ClaimedInvocation | undefined>;

  /**
   * Stores the outcome and forgets the request. `false`, changing nothing, when there is
   * an outcome already: of two runs of one invocation only one counts.
   */
  complete(
    id: string,
    outcome: InvocationOutcome,
    times: { expiresAt: number },
  ): Promise<boolean>;

  /** `undefined` when unknown, another application's, or expired at `now`. */
  find(
    key: { id: string; clientId: string },
    now: number,
  ): Promise<StoredInvocation | undefined>;

  /** Ids without an outcome, oldest first: after a start, those a crash interrupted. */
  listPending(): Promise<string[]>;

  countPending(clientId: string): Promise<number>;

  /** Removes outcomes that expired at or before `now`. */
  deleteExpired(now: number): Promise<number>;
}
