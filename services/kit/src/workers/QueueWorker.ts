import { DomainError, isFinal, type LimitExceededError } from '../errors';
import type { Logger } from '../logging/createLogger';
import type { Queue, QueueMessage } from '../ports';
import type { ServiceHealth } from '../service/ServiceDefinition';
import { IdGenerator, randomId } from '../time';
import { isPassingLimit } from './countAttempt';
import { KeptDelivery } from './KeptDelivery';
import { pause } from './pause';
import type { Delivery, Worker } from './Worker';

export type QueueWorkerOptions<T> = {
  name: string;
  queue: Queue<T>;
  /** Messages that are worked on at the same time; default 4. */
  concurrency?: number;
  /** How long a message of a process that died stays unnoticed; default 30. */
  visibilityTimeoutSeconds?: number;
  /** After so many deliveries that failed a message is buried; default 5. */
  maxDeliveries?: number;
  /**
   * Does the work and records its effect; the message is deleted after that. It may come
   * again at any time, also when it was done.
   *
   * An error that is final ({@link isFinal}) is not tried again. After a
   * `LimitExceededError` the message waits for as long as that says, up to ten minutes, and
   * the delivery does not count.
   */
  handle(body: T, delivery: Delivery): Promise<void>;
  /** Records that the message is given up, before it is buried; may be repeated. */
  onPoison(body: T, reason: string): Promise<void>;
  logger: Logger;
  /** Before the next delivery of a message that failed; default 1, 2, 4 … 300. */
  retryDelaySeconds?: (deliveries: number) => number;
  newId?: IdGenerator;
};

/** One long poll; closing ends it at once. */
const WAIT_SECONDS = 20;

/** What the queue hands out at most. */
const MAX_BATCH = 10;

/** While the queue cannot be read. */
const RECEIVE_RETRY_MS = { first: 500, longest: 30_000 };

/** Before a message that hit a limit is tried again: whatever the limit says, in these bounds. */
const LIMIT_WAIT_SECONDS = { first: 1, longest: 600 };

/** For work that was told to stop. */
const ABORT_GRACE_MS = 1000;

/** Takes messages of a queue and has them worked on, several at a time. */
export class QueueWorker<T> implements Worker {
  readonly name: string;
  private readonly stopping = new AbortController();
  private readonly aborting = new AbortController();
  private readonly inHand = new Set<Promise<void>>();
  private loop: Promise<void> | undefined;
  private closed: Promise<void> | undefined;
  private receiveFailures = 0;
  private slotFreed: (() => void) | undefined;

  constructor(private readonly options: QueueWorkerOptions<T>) {
    this.name = options.name;
  }

  start(): void {
    if (this.stopping.signal.aborted) return;
    this.loop ??= this.run();
  }

  async health(): Promise<ServiceHealth> {
    return this.receiveFailures < 2
      ? { status: 'UP' }
      : {
          status: 'DOWN',
          reason: `The queue of the worker ${this.name} cannot be read.`,
        };
  }

  close(options: { drainMs?: number } = {}): Promise<void> {
    this.closed ??= this.drain(options.drainMs ?? 5000);
    return this.closed;
  }

  private async drain(drainMs: number): Promise<void> {
    this.stopping.abort();
    this.slotFreed?.();
    const done = async () => {
      await this.loop;
      await Promise.all(this.inHand);
    };
    await within(drainMs, done());
    this.aborting.abort(new Error('The worker stops'));
    await within(ABORT_GRACE_MS, done());
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const free = this.concurrency - this.inHand.size;
      if (free === 0) {
        await new Promise<void>(resolve => (this.slotFreed = resolve));
        continue;
      }
      for (const message of await this.receive(Math.min(free, MAX_BATCH))) {
        const work = this.process(message).finally(() => {
          this.inHand.delete(work);
          this.slotFreed?.();
        });
        this.inHand.add(work);
      }
    }
  }

  private async receive(max: number): Promise<Array<QueueMessage<T>>> {
    const { signal } = this.stopping;
    try {
      const messages = await this.options.queue.receive({
        max,
        visibilityTimeoutSeconds: this.visibilityTimeoutSeconds,
        waitSeconds: WAIT_SECONDS,
        signal,
      });
      this.receiveFailures = 0;
      return messages;
    } catch (error) {
      if (signal.aborted) return [];
      this.receiveFailures++;
      this.log('warn', error, 'The queue cannot be read');
      const { first, longest } = RECEIVE_RETRY_MS;
      await pause(
        Math.min(longest, first * 2 ** (this.receiveFailures - 1)),
        signal,
      );
      return [];
    }
  }

  /** Never rejects. */
  private async process(message: QueueMessage<T>): Promise<void> {
    const delivery = new KeptDelivery({
      queue: this.options.queue,
      message,
      visibilityTimeoutSeconds: this.visibilityTimeoutSeconds,
      aborting: this.aborting.signal,
    });
    try {
      // Those deliveries ended without a word: the message may have killed the process.
      if (message.deliveries > this.maxDeliveries) {
        const reason = `It was given up after ${this.maxDeliveries} attempts, the last of which broke off.`;
        await this.bury(message, reason);
        return;
      }
      await this.work(message, delivery);
    } catch (error) {
      // Whatever was not recorded comes again when the visibility timeout has passed.
      this.log('error', error, 'A message could not be settled', message);
    } finally {
      delivery.release();
    }
  }

  private async work(
    message: QueueMessage<T>,
    delivery: KeptDelivery<T>,
  ): Promise<void> {
    const { queue, handle } = this.options;
    const { signal } = delivery;
    try {
      await Promise.race([
        handle(message.body, { signal, deliveries: message.deliveries }),
        delivery.cutOff,
      ]);
      delivery.release();
    } catch (error) {
      delivery.release();
      if (delivery.isLost) return;
      // Neither a stop nor a limit says anything about the message: they do not count.
      if (signal.aborted) await queue.giveBack(message);
      else if (isPassingLimit(error)) await this.postpone(message, error);
      else await this.fail(message, error);
      return;
    }
    await queue.delete(message);
  }

  private async postpone(
    message: QueueMessage<T>,
    error: LimitExceededError,
  ): Promise<void> {
    const { first, longest } = LIMIT_WAIT_SECONDS;
    this.log('info', error, 'A message waits for a limit', message);
    const delaySeconds = Math.min(
      longest,
      Math.max(first, error.retryAfterSeconds) * (1 + Math.random() / 10),
    );
    await this.options.queue.giveBack(message, { delaySeconds });
  }

  private async fail(message: QueueMessage<T>, error: unknown): Promise<void> {
    const { queue, retryDelaySeconds = defaultRetryDelay } = this.options;
    const { deliveries } = message;
    if (!isFinal(error) && deliveries < this.maxDeliveries) {
      this.log('warn', error, 'A message failed and is tried again', message);
      await queue.extend(message, retryDelaySeconds(deliveries));
      return;
    }
    const logId = (this.options.newId ?? randomId)();
    this.log('error', error, 'A message is given up', message, logId);
    // Messages of domain errors are for callers; others may tell about the inside.
    const reason =
      error instanceof DomainError
        ? error.message
        : `Processing failed on our side. If it persists, report log id ${logId}.`;
    await this.bury(message, reason);
  }

  private async bury(message: QueueMessage<T>, reason: string): Promise<void> {
    await this.options.onPoison(message.body, reason);
    await this.options.queue.bury(message, reason);
  }

  private get concurrency(): number {
    return this.options.concurrency ?? 4;
  }

  private get visibilityTimeoutSeconds(): number {
    return this.options.visibilityTimeoutSeconds ?? 30;
  }

  private get maxDeliveries(): number {
    return this.options.maxDeliveries ?? 5;
  }

  private log(
    level: 'info' | 'warn' | 'error',
    error: unknown,
    text: string,
    message?: QueueMessage<T>,
    logId?: string,
  ): void {
    this.options.logger[level](
      {
        err: error,
        worker: this.name,
        logId,
        messageId: message?.id,
        deliveries: message?.deliveries,
      },
      text,
    );
  }
}

/** Jitter keeps messages that failed together from coming back together. */
function defaultRetryDelay(deliveries: number): number {
  return Math.min(300, 2 ** (deliveries - 1)) * (0.75 + Math.random() / 2);
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const enough = new AbortController();
  await Promise.race([work, pause(ms, enough.signal)]);
  enough.abort();
}
