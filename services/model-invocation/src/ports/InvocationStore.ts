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

/** Names one run of an invocation. */
export type InvocationRun = {
  id: string;
  /** Grows with every run, so that one which was overtaken is told from the current one. */
  run: number;
};

/** A run that was begun. */
export type ClaimedInvocation = InvocationRun & {
  clientId: string;
  request: GenerateRequest;
  /** This run included; those that were given back are not counted. */
  attempts: number;
  acceptedAt: number;
};

/**
 * Port: asynchronous invocations and their results. Everything it answers is durable.
 * Times are milliseconds since 1970.
 *
 * Several processes share the work: an invocation is due until a run claims it, and again
 * when the lease of that run has passed without being renewed.
 */
export interface InvocationStore {
  /** Remembers a request before its id is told to anybody. */
  accept(invocation: {
    id: string;
    clientId: string;
    request: GenerateRequest;
    acceptedAt: number;
  }): Promise<void>;

  /**
   * Begins a run: counts an attempt and holds the invocation until `until`.
   *
   * @returns `undefined` when it is done, gone or not due at `now`: of several claims at
   *   once one succeeds
   * @throws DependencyError (`invocation_content_gone`), not retryable, when what it asks
   *   is lost; the attempt counts
   */
  claim(
    id: string,
    lease: { now: number; until: number },
  ): Promise<ClaimedInvocation | undefined>;

  /** Holds it longer. `false` when it is done or another run has taken over: stop. */
  renew(run: InvocationRun, until: number): Promise<boolean>;

  /**
   * Gives back what a run did not bring to an end: it is due at `dueAt`, and the attempt is
   * not counted. Changes nothing when it is not this run's any more.
   */
  release(run: InvocationRun, dueAt: number): Promise<void>;

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

  /**
   * At most `limit` ids that are due at `now`, those that have been so for longest first.
   * May lag behind by a moment: only a claim tells whether one really is.
   */
  listDue(options: { now: number; limit: number }): Promise<string[]>;

  countPending(clientId: string): Promise<number>;

  /** Removes outcomes that expired at or before `now`. */
  deleteExpired(now: number): Promise<number>;
}
