/** A message as a consumer has it, until its visibility timeout passes. */
export type QueueMessage<T> = {
  id: string;
  body: T;
  /** Names this delivery; another delivery of the message has another. */
  receipt: string;
  /** 1 for the first delivery. */
  deliveries: number;
};

/** A message that was given up, and why. */
export type DeadMessage<T> = { id: string; body: T; reason: string };

/**
 * Port: work to be done, at least once, in no order.
 *
 * A message that is received stays invisible to others for the visibility timeout and then
 * comes again, unless it was deleted. A receipt that is too old changes nothing: `extend`
 * answers `false`, the others are silent.
 *
 * Bodies are JSON of at most 200 KiB: ids, never documents.
 */
export interface Queue<T> {
  /** Durable when it resolves. Any number of bodies. */
  send(
    bodies: readonly T[],
    options?: { delaySeconds?: number },
  ): Promise<void>;

  /**
   * At most `max` (1 to 10) messages; waits up to `waitSeconds` for the first one and
   * answers an empty list then, or when `signal` aborts.
   */
  receive(options: {
    max: number;
    visibilityTimeoutSeconds: number;
    waitSeconds: number;
    signal?: AbortSignal;
  }): Promise<Array<QueueMessage<T>>>;

  /** The work is done and recorded. */
  delete(message: QueueMessage<T>): Promise<void>;

  /**
   * Keeps the message invisible for so long from now; 0 gives it back at once.
   *
   * @returns `false` when it is not this delivery's any more: stop working on it
   */
  extend(
    message: QueueMessage<T>,
    visibilityTimeoutSeconds: number,
  ): Promise<boolean>;

  /**
   * Gives the message back, after `delaySeconds`, as if it had not been delivered. Its count
   * of deliveries may begin anew, and after a crash it may be there twice. Silent when it is
   * not this delivery's any more.
   */
  giveBack(
    message: QueueMessage<T>,
    options?: { delaySeconds?: number },
  ): Promise<void>;

  /** Moves the message to the dead-letter queue, where it is kept with the reason. */
  bury(message: QueueMessage<T>, reason: string): Promise<void>;

  /** Newest first. */
  listDead(options: { limit: number }): Promise<Array<DeadMessage<T>>>;

  /** Approximate numbers of messages. */
  counts(): Promise<{ ready: number; inFlight: number; dead: number }>;
}
