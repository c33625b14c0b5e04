import type { Dispatcher } from 'undici';
import {
  CallCancelledError,
  type Cancellation,
} from '../../../domain/Cancellation';
import { markSent } from '../../../domain/calls/sent';
import type { AwsCredentials } from './RequestSigner';

/** Head of an answer. */
export type BedrockHead = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
};

/** Receives an answer piece by piece. */
export type BedrockReceiver = {
  onHead(head: BedrockHead): void;
  /** `false` stops reading until {@link BedrockExchange.resume}. */
  onData(chunk: Buffer): boolean;
  onEnd(): void;
  /** Called once, instead of `onEnd`. Marked by `markSent` when the request was sent. */
  onError(error: Error): void;
};

/** The deadline of a call passed. */
export class BedrockDeadlineError extends Error {
  override readonly name = 'BedrockDeadlineError';

  constructor() {
    super('Bedrock did not finish in time');
  }
}

/** More bytes than the answer of any model has. */
export class AnswerTooLongError extends Error {
  override readonly name = 'AnswerTooLongError';

  constructor() {
    super('Bedrock answered too much');
  }
}

/**
 * One request and its answer, as undici's dispatch interface reports it. Told to the
 * receiver at once when it is aborted, also while it waits for credentials or for a
 * connection.
 */
export class BedrockExchange implements Dispatcher.DispatchHandler {
  /** Those the request was signed with. */
  credentials: AwsCredentials | undefined;
  private readonly receiver: BedrockReceiver;
  private readonly deadline: NodeJS.Timeout;
  private controller: Dispatcher.DispatchController | undefined;
  private abortedWith: Error | undefined;
  private settled = false;
  private sent = false;

  constructor(options: {
    receiver: BedrockReceiver;
    deadlineMs: number;
    cancellation: Cancellation;
  }) {
    const { receiver, deadlineMs, cancellation } = options;
    this.receiver = receiver;
    this.deadline = setTimeout(
      () => this.abort(new BedrockDeadlineError()),
      deadlineMs,
    );
    cancellation.onCancel(() => this.abort(new CallCancelledError()));
  }

  get isSettled(): boolean {
    return this.settled;
  }

  /** Breaks the call off; does nothing when it has ended. */
  abort(reason: Error): void {
    if (this.settled) return;
    this.abortedWith = reason;
    this.settle();
    this.controller?.abort(reason);
    this.tell(reason);
  }

  /** Goes on reading. */
  resume(): void {
    if (!this.settled) this.controller?.resume();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.abortedWith) controller.abort(this.abortedWith);
    else this.sent = true;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: BedrockHead['headers'],
  ): void {
    if (status >= 200) this.receiver.onHead({ status, headers });
  }

  onResponseData(
    controller: Dispatcher.DispatchController,
    chunk: Buffer,
  ): void {
    if (this.settled) return;
    if (!this.receiver.onData(chunk)) controller.pause();
  }

  onResponseEnd(): void {
    if (this.settled) return;
    this.settle();
    this.receiver.onEnd();
  }

  onResponseError(
    _controller: Dispatcher.DispatchController,
    error: Error,
  ): void {
    if (this.settled) return;
    this.settle();
    this.tell(error);
  }

  private tell(error: Error): void {
    this.receiver.onError(this.sent ? markSent(error) : error);
  }

  private settle(): void {
    this.settled = true;
    clearTimeout(this.deadline);
  }
}
