import { DomainError } from '@genai-environments/service-kit';
import {
  CallCancelledError,
  type Cancellation,
} from '../../../domain/Cancellation';
import type { GenerationPart } from '../../../domain/Model';
import type {
  BedrockAnswer,
  BedrockConnection,
  BedrockRequest,
} from './BedrockConnection';
import type {
  BedrockExchange,
  BedrockHead,
  BedrockReceiver,
} from './BedrockExchange';
import { cutShort, fromConnectionError, garbled } from './bedrockErrors';
import { ConverseEvents } from './ConverseEvents';
import { EventStreamDecoder } from './EventStreamDecoder';
import { PartQueue } from './PartQueue';

/** With so many parts waiting, reading of the answer pauses. */
const MAX_WAITING_PARTS = 64;
/** A refusal is short; whatever is longer is cut. */
const MAX_REFUSAL_BYTES = 64 * 1024;

export type StreamOptions = {
  connection: BedrockConnection;
  request: BedrockRequest;
  model: string;
  /** Tokens of what is asked, for models that Bedrock does not count. */
  estimateInput(): number;
  /** Explains an answer that is no stream. */
  explainRefusal(answer: BedrockAnswer): Error;
  cancellation: Cancellation;
};

class ConverseReceiver implements BedrockReceiver {
  readonly parts: PartQueue<GenerationPart>;
  private readonly decoder = new EventStreamDecoder();
  private readonly events: ConverseEvents;
  private exchange: BedrockExchange | undefined;
  private head: BedrockHead | undefined;
  private streaming = false;
  private refusal: Buffer[] = [];
  private refusalBytes = 0;

  constructor(private readonly options: StreamOptions) {
    const { connection, request, cancellation } = options;
    this.events = new ConverseEvents(options);
    this.parts = new PartQueue({
      onStart: () => {
        this.exchange = connection.send(request, this, cancellation);
      },
      onDrain: () => this.exchange?.resume(),
      onStop: () => this.exchange?.abort(new CallCancelledError()),
    });
  }

  onHead(head: BedrockHead): void {
    this.head = head;
    this.streaming =
      head.status === 200 &&
      String(head.headers['content-type']).startsWith(
        'application/vnd.amazon.eventstream',
      );
  }

  onData(chunk: Buffer): boolean {
    if (!this.streaming) {
      if (this.refusalBytes < MAX_REFUSAL_BYTES) this.refusal.push(chunk);
      this.refusalBytes += chunk.length;
      return true;
    }
    this.guarded(() =>
      this.decoder.push(chunk, message => this.pass(this.events.read(message))),
    );
    return this.parts.size < MAX_WAITING_PARTS;
  }

  onEnd(): void {
    const { model, explainRefusal } = this.options;
    if (!this.streaming) {
      const body = Buffer.concat(this.refusal);
      const { credentials } = this.exchange!;
      this.parts.fail(explainRefusal({ ...this.head!, body, credentials }));
      return;
    }
    this.pass(this.events.end());
    if (!this.parts.isEnded) this.parts.fail(cutShort(model));
  }

  onError(error: Error): void {
    this.parts.fail(fromConnectionError(error, this.options.model), {
      discard: error instanceof CallCancelledError,
    });
  }

  private pass(part: GenerationPart | undefined): void {
    if (!part) return;
    this.parts.push(part);
    // Not at the end of the answer: nothing of interest follows.
    if (part.type === 'finish') this.parts.end();
  }

  /** Breaks off at what Bedrock reports, or at what cannot be understood. */
  private guarded(read: () => void): void {
    try {
      read();
    } catch (error) {
      const told =
        error instanceof DomainError
          ? error
          : garbled(this.options.model, error);
      this.parts.fail(told);
      this.exchange?.abort(told);
    }
  }
}

/**
 * Calls ConverseStream when the first part is asked for. Aborts the call when the reader
 * stops early.
 */
export function streamConverse(
  options: StreamOptions,
): AsyncIterable<GenerationPart> {
  return new ConverseReceiver(options).parts;
}
