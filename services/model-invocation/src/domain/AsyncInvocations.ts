import {
  Clock,
  DependencyError,
  IdGenerator,
  LimitExceededError,
  Logger,
  NotFoundError,
} from '@genai-environments/service-kit';
import type { InvocationStore } from '../ports/InvocationStore';
import { Cancellation } from './Cancellation';
import { InvocationRunner } from './InvocationRunner';
import type { Invocations } from './Invocations';
import type { GenerateRequest, Generation } from './Model';
import type { ModelCatalog } from './ModelCatalog';

const SWEEP_EVERY_MS = 300_000;
/** What other processes left behind, or what waited for a limit, is found that late. */
const LOOK_EVERY_MS = 5000;
const MAX_CONCURRENT = 8;
const MAX_PENDING_PER_APPLICATION = 1000;

/**
 * Invocations whose result is fetched later. Accepted ones survive the end of a process:
 * any process of the environment runs what is due, each once as long as it lives.
 */
export class AsyncInvocations {
  private readonly runner: InvocationRunner;
  /** Accepted here and not begun yet; others may take them meanwhile. */
  private readonly queue: string[] = [];
  private readonly running = new Map<string, Cancellation>();
  private readonly settled = new Set<Promise<void>>();
  private readonly timers: NodeJS.Timeout[] = [];
  private looking: Promise<void> | undefined;
  /** The last look found as many as it asked for. */
  private mayBeMore = false;
  private closed = false;

  constructor(
    private readonly options: {
      store: InvocationStore;
      invocations: Invocations;
      catalog: ModelCatalog;
      logger: Logger;
      clock: Clock;
      newId: IdGenerator;
      /** Time between two looks for what is due; default 5 s. */
      lookEveryMs?: number;
    },
  ) {
    this.runner = new InvocationRunner(options);
  }

  /** Begins to run what is due, above all what a crash or a stop interrupted. */
  async start(): Promise<void> {
    const { lookEveryMs = LOOK_EVERY_MS } = this.options;
    await this.sweep();
    await this.look();
    this.timers.push(
      setInterval(() => void this.look(), lookEveryMs).unref(),
      setInterval(() => void this.sweep(), SWEEP_EVERY_MS).unref(),
    );
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

  /** Runs what is due, as far as there is room; also called by a timer. */
  look(): Promise<void> {
    this.looking ??= this.findDue().finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  }

  /** Stops work in flight and gives it back: another process, or the next start, runs it. */
  async close(): Promise<void> {
    this.closed = true;
    this.timers.forEach(clearInterval);
    await this.looking;
    for (const cancellation of this.running.values()) cancellation.cancel();
    await Promise.all(this.settled);
  }

  private async findDue(): Promise<void> {
    const { store, clock, logger } = this.options;
    const limit = MAX_CONCURRENT - this.running.size - this.queue.length;
    if (this.closed || limit <= 0) return;
    try {
      const ids = await store.listDue({ now: clock.now(), limit });
      this.mayBeMore = ids.length === limit;
      this.queue.push(...ids.filter(id => !this.knows(id)));
    } catch (error) {
      this.mayBeMore = false;
      logger.error({ err: error }, 'Invocations that are due were not found');
    }
    this.advance();
  }

  private advance(): void {
    while (!this.closed && this.running.size < MAX_CONCURRENT) {
      const id = this.queue.shift();
      if (id === undefined) break;
      const cancellation = new Cancellation();
      this.running.set(id, cancellation);
      const run = this.runner
        .run(id, cancellation)
        .catch(error => {
          this.options.logger.error(
            { err: error, invocationId: id },
            'An asynchronous invocation could not be recorded; it is run again',
          );
        })
        .finally(() => {
          this.running.delete(id);
          this.settled.delete(run);
          this.advance();
        });
      this.settled.add(run);
    }
    if (this.mayBeMore && this.queue.length === 0) void this.look();
  }

  private knows(id: string): boolean {
    return this.running.has(id) || this.queue.includes(id);
  }

  private async sweep(): Promise<void> {
    const { store, clock, logger } = this.options;
    await store
      .deleteExpired(clock.now())
      .catch(error => logger.error({ err: error }, 'Sweeping failed'));
  }
}
