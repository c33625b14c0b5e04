import {
  Clock,
  DependencyError,
  DomainError,
  LimitExceededError,
  Logger,
} from '@genai-environments/service-kit';
import type {
  ClaimedInvocation,
  InvocationOutcome,
  InvocationStore,
} from '../ports/InvocationStore';
import type { Cancellation } from './Cancellation';
import type { Invocations } from './Invocations';

/** Results can be fetched for one hour. */
const RETENTION_MS = 3_600_000;
/** An invocation that took the process down this often is given up. */
const MAX_ATTEMPTS = 3;
/** A process that gives no sign of life for so long has lost what it runs. */
const LEASE_MS = 30_000;
const RENEW_EVERY_MS = 10_000;
/** After it was accepted, an invocation waits that long for a limit to reset. */
const MAX_WAIT_MS = 3_600_000;

/** What came of a run: an outcome, or when to try again. */
type RunEnd = InvocationOutcome | { status: 'put off'; until: number };

/** Runs one invocation: holds it while it works, and records what came of it. */
export class InvocationRunner {
  constructor(
    private readonly options: {
      store: InvocationStore;
      invocations: Invocations;
      logger: Logger;
      clock: Clock;
    },
  ) {}

  /** Does nothing when it is not due any more. A cancellation gives it back. */
  async run(id: string, cancellation: Cancellation): Promise<void> {
    const { clock } = this.options;
    const claimed = await this.claim(id);
    if (!claimed) return undefined;
    const lease = this.keep(claimed, cancellation);
    try {
      const end = await this.invoke(claimed, cancellation);
      // An answer counts in any case, if it is the first.
      if (end.status === 'succeeded') return await this.complete(id, end);
      if (lease.isLost()) return undefined;
      if (end.status === 'put off')
        return await this.release(claimed, end.until);
      if (cancellation.isCancelled)
        return await this.release(claimed, clock.now());
      return await this.complete(id, end);
    } finally {
      lease.end();
    }
  }

  private release(claimed: ClaimedInvocation, dueAt: number): Promise<void> {
    return this.options.store.release(claimed, dueAt);
  }

  private async claim(id: string): Promise<ClaimedInvocation | undefined> {
    const { store, clock } = this.options;
    const now = clock.now();
    try {
      return await store.claim(id, { now, until: now + LEASE_MS });
    } catch (error) {
      if (!(error instanceof DependencyError) || error.retryable) throw error;
      await this.complete(id, failed(error.code, error.message));
      return undefined;
    }
  }

  private async complete(id: string, outcome: InvocationOutcome) {
    const { store, clock } = this.options;
    await store.complete(id, outcome, {
      expiresAt: clock.now() + RETENTION_MS,
    });
  }

  /** Renews the lease until it is ended; cancels the run when another has taken over. */
  private keep(claimed: ClaimedInvocation, cancellation: Cancellation) {
    const { store, clock, logger } = this.options;
    let lost = false;
    const renew = async () => {
      try {
        lost = !(await store.renew(claimed, clock.now() + LEASE_MS));
        if (lost) cancellation.cancel();
      } catch (error) {
        logger.warn({ err: error }, 'A lease of an invocation was not renewed');
      }
    };
    const timer = setInterval(() => void renew(), RENEW_EVERY_MS).unref();
    return { isLost: () => lost, end: () => clearInterval(timer) };
  }

  private async invoke(
    claimed: ClaimedInvocation,
    cancellation: Cancellation,
  ): Promise<RunEnd> {
    const { clientId, request, attempts } = claimed;
    if (attempts > MAX_ATTEMPTS) {
      return failed(
        'abandoned',
        `The service stopped ${MAX_ATTEMPTS} times while it ran. Send a smaller request.`,
      );
    }
    try {
      const { text, inputTokens, outputTokens } =
        await this.options.invocations.generate(clientId, request, {
          cancellation,
        });
      return { status: 'succeeded', text, inputTokens, outputTokens };
    } catch (error) {
      return this.explain(error, claimed, cancellation);
    }
  }

  private explain(
    error: unknown,
    { id, acceptedAt }: ClaimedInvocation,
    cancellation: Cancellation,
  ): RunEnd {
    if (error instanceof LimitExceededError && error.retryable) {
      const until = this.options.clock.now() + error.retryAfterSeconds * 1000;
      if (until <= acceptedAt + MAX_WAIT_MS) {
        return { status: 'put off', until };
      }
    }
    if (error instanceof DomainError) return failed(error.code, error.message);
    if (!cancellation.isCancelled) {
      this.options.logger.error(
        { err: error, invocationId: id },
        'An asynchronous invocation failed unexpectedly',
      );
    }
    return failed('internal_error', 'Something went wrong on our side.');
  }
}

function failed(code: string, message: string): InvocationOutcome {
  return { status: 'failed', failure: { code, message } };
}
