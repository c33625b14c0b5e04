import {
  Clock,
  DependencyError,
  DomainError,
  IdGenerator,
  LimitExceededError,
  Logger,
  NotFoundError,
} from '@genai-environments/service-kit';
import type {
  ClaimedInvocation,
  InvocationOutcome,
  InvocationStore,
} from '../ports/InvocationStore';
import { Cancellation } from './Cancellation';
import type { Invocations } from './Invocations';
import type { GenerateRequest, Generation } from './Model';
import type { ModelCatalog } from './ModelCatalog';

/** Results can be fetched for one hour. */
const RETENTION_MS = 3_600_000;
const SWEEP_EVERY_MS = 300_000;
/** An invocation that took the process down this often is given up. */
const MAX_ATTEMPTS = 3;
const MAX_CONCURRENT = 8;
const MAX_PENDING_PER_APPLICATION = 1000;

/**
 * Invocations whose result is fetched later. Accepted ones survive a restart: those
 * without an outcome are run again, and only one run's outcome counts.
 */
export class AsyncInvocations {
  private readonly queue: string[] = [];
  private readonly running = new Map<string, Cancellation>();
  private readonly settled = new Set<Promise<void>>();
  private sweeper: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    private readonly options: {
      store: InvocationStore;
      invocations: Invocations;
      catalog: ModelCatalog;
      logger: Logger;
      clock: Clock;
      newId: IdGenerator;
    },
  ) {}

  /** Runs what a crash or a stop interrupted. */
  async start(): Promise<void> {
    const { store, clock, logger } = this.options;
    await store.deleteExpired(clock.now());
    const pending = await store.listPending();
    if (pending.length > 0) {
      logger.info({ count: pending.length }, 'Resuming accepted invocations');
    }
    this.queue.push(...pending);
    this.advance();
    this.sweeper = setInterval(() => {
      store
        .deleteExpired(clock.now())
        .catch(error => logger.error({ err: error }, 'Sweeping failed'));
    }, SWEEP_EVERY_MS);
    this.sweeper.unref();
  }

  /**
   * Answers the id once the request is durable.
   *
   * @throws LimitExceededError when too many of the application's are unfinished
   */
  async submit(clientId: string, request: GenerateRequest): Promise<string> {
    const { store, catalog, clock, newId } = this.options;
    // Refuse now what could only fail later.
    catalog.resolve(request.model, 'text');
    if ((await store.countPending(clientId)) >= MAX_PENDING_PER_APPLICATION) {
      throw new LimitExceededError(
        `This application has ${MAX_PENDING_PER_APPLICATION} unfinished invocations. Wait until some are done.`,
        { retryAfterSeconds: 10, code: 'too_many_pending_invocations' },
      );
    }
    const id = newId();
    await store.accept({ id, clientId, request, acceptedAt: clock.now() });
    this.queue.push(id);
    this.advance();
    return id;
  }

  /**
   * @throws NotFoundError while it runs (`still_running`), and when it is unknown or
   *   expired (`not_found`)
   * @throws DependencyError (`invocation_failed`) when it failed
   */
  async output(
    clientId: string,
    id: string,
  ): Promise<Pick<Generation, 'text' | 'inputTokens' | 'outputTokens'>> {
    const { store, clock } = this.options;
    const found = await store.find({ id, clientId }, clock.now());
    if (!found) {
      throw new NotFoundError(
        'This invocation was not found or has expired. Results are kept for one hour.',
      );
    }
    if (found.status === 'pending') {
      throw new NotFoundError(
        'This invocation is still running. Ask again in a moment.',
        { code: 'still_running' },
      );
    }
    if (found.status === 'failed') {
      throw new DependencyError(
        `This invocation failed: ${found.failure.message}`,
        { kind: 'failed', retryable: false, code: 'invocation_failed' },
      );
    }
    return found;
  }

  /** Stops work in flight; it is run again at the next start. */
  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.sweeper);
    for (const cancellation of this.running.values()) cancellation.cancel();
    await Promise.all(this.settled);
  }

  private advance(): void {
    while (!this.closed && this.running.size < MAX_CONCURRENT) {
      const id = this.queue.shift();
      if (id === undefined) return;
      const cancellation = new Cancellation();
      this.running.set(id, cancellation);
      const run = this.run(id, cancellation)
        .catch(error => {
          this.options.logger.error(
            { err: error, invocationId: id },
            'An asynchronous invocation could not be recorded; it is run again at the next start',
          );
        })
        .finally(() => {
          this.running.delete(id);
          this.settled.delete(run);
          this.advance();
        });
      this.settled.add(run);
    }
  }

  private async run(id: string, cancellation: Cancellation): Promise<void> {
    const { store, clock } = this.options;
    const claimed = await store.claim(id);
    if (!claimed) return;
    const outcome = await this.invoke(claimed, cancellation);
    if (cancellation.isCancelled) return;
    await store.complete(id, outcome, {
      expiresAt: clock.now() + RETENTION_MS,
    });
  }

  private async invoke(
    { clientId, request, attempts, id }: ClaimedInvocation,
    cancellation: Cancellation,
  ): Promise<InvocationOutcome> {
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
      if (error instanceof DomainError)
        return failed(error.code, error.message);
      if (!cancellation.isCancelled) {
        this.options.logger.error(
          { err: error, invocationId: id },
          'An asynchronous invocation failed unexpectedly',
        );
      }
      return failed('internal_error', 'Something went wrong on our side.');
    }
  }
}

function failed(code: string, message: string): InvocationOutcome {
  return { status: 'failed', failure: { code, message } };
}
