import type { ServiceHealth } from '../service/ServiceDefinition';

/** A role of the runtime that takes work from a queue. */
export interface Worker {
  /** `extraction`; what `--workers` names. */
  readonly name: string;
  /** Begins to take messages. */
  start(): void;
  health(): Promise<ServiceHealth>;
  /**
   * Takes no more messages and waits up to `drainMs` for those in hand; what is not done
   * by then is given back to the queue. Safe to call twice.
   */
  close(options?: { drainMs?: number }): Promise<void>;
}

/** One delivery of a message. */
export type Delivery = {
  /** Aborts when somebody else has the message, or when the process ends: stop. */
  signal: AbortSignal;
  /** How many there were, this one counted. */
  deliveries: number;
};
