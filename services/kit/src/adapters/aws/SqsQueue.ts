import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { DomainError } from '../../errors';
import type { DeadMessage, Queue, QueueMessage } from '../../ports';
import { toQueueText } from '../../ports/queueBody';
import { rememberHealth } from '../../service/rememberHealth';
import { isNamed, toDependencyError } from './awsErrors';
import { sendBatches } from './sendBatches';
import { isJson, toDelivery } from './sqsMessages';

/** A client for the queues of an environment. */
export function createSqsClient(options: {
  region: string;
  /** Of an emulator or a private endpoint. */
  endpoint?: string;
}): SQSClient {
  return new SQSClient(options);
}

export type SqsQueueOptions = {
  client: SQSClient;
  queueUrl: string;
  /**
   * Where messages go that are given up. Its redrive limit, if any, must be above the
   * worker's `maxDeliveries`, or messages vanish without a word in their job.
   */
  deadLetterQueueUrl: string;
};

/** The longest poll, delay and invisibility that SQS knows. */
const MAX_WAIT_SECONDS = 20;
const MAX_DELAY_SECONDS = 900;
const MAX_VISIBILITY_SECONDS = 43_200;

/** How SQS says that a receipt is not that of the current delivery. */
const OUTDATED = [
  'MessageNotInflight',
  'ReceiptHandleIsInvalid',
  'InvalidParameterValue',
];

/** For sending a message anew before it is deleted. */
const GIVE_BACK_SECONDS = 30;

/** Looking at dead messages hides them for this long. */
const LOOK_SECONDS = 5;

const REASON_ATTRIBUTE = 'reason';
const MAX_REASON_LENGTH = 1000;
const UNKNOWN_REASON =
  'It was delivered more often than the queue allows and never settled.';
const NOT_JSON = 'Its body is not JSON.';

/** A queue of SQS and its dead-letter queue. */
export class SqsQueue<T> implements Queue<T> {
  constructor(private readonly options: SqsQueueOptions) {}

  async send(
    bodies: readonly T[],
    { delaySeconds = 0 }: { delaySeconds?: number } = {},
  ): Promise<void> {
    const { client, queueUrl } = this.options;
    const texts = bodies.map(toQueueText);
    await explained(() =>
      sendBatches(client, {
        queueUrl,
        texts,
        delaySeconds: wholeSeconds(delaySeconds, MAX_DELAY_SECONDS),
      }),
    );
  }

  async receive(options: {
    max: number;
    visibilityTimeoutSeconds: number;
    waitSeconds: number;
    signal?: AbortSignal;
  }): Promise<Array<QueueMessage<T>>> {
    const { max, visibilityTimeoutSeconds, waitSeconds, signal } = options;
    const deadline = performance.now() + waitSeconds * 1000;
    for (;;) {
      if (signal?.aborted) return [];
      const left = Math.max(0, (deadline - performance.now()) / 1000);
      const messages = await this.poll({
        url: this.options.queueUrl,
        max,
        signal,
        waitSeconds: wholeSeconds(left, MAX_WAIT_SECONDS),
        visibilitySeconds: visibilityTimeoutSeconds,
      });
      if (messages.length > 0 || left <= MAX_WAIT_SECONDS) {
        return this.readable(messages);
      }
    }
  }

  async delete(message: QueueMessage<T>): Promise<void> {
    const { client, queueUrl: QueueUrl } = this.options;
    const command = new DeleteMessageCommand({
      QueueUrl,
      ReceiptHandle: message.receipt,
    });
    await unlessOutdated(() => client.send(command));
  }

  async extend(
    message: QueueMessage<T>,
    visibilityTimeoutSeconds: number,
  ): Promise<boolean> {
    const { client, queueUrl: QueueUrl } = this.options;
    const command = new ChangeMessageVisibilityCommand({
      QueueUrl,
      ReceiptHandle: message.receipt,
      VisibilityTimeout: wholeSeconds(
        visibilityTimeoutSeconds,
        MAX_VISIBILITY_SECONDS,
      ),
    });
    return unlessOutdated(() => client.send(command));
  }

  /** SQS counts each delivery, so that it is sent anew. */
  async giveBack(
    message: QueueMessage<T>,
    options: { delaySeconds?: number } = {},
  ): Promise<void> {
    if (!(await this.extend(message, GIVE_BACK_SECONDS))) return;
    await this.send([message.body], options);
    await this.delete(message);
  }

  async bury(message: QueueMessage<T>, reason: string): Promise<void> {
    const { client, deadLetterQueueUrl } = this.options;
    const command = new SendMessageCommand({
      QueueUrl: deadLetterQueueUrl,
      MessageBody: toQueueText(message.body),
      MessageAttributes: {
        [REASON_ATTRIBUTE]: {
          DataType: 'String',
          StringValue: reason.slice(0, MAX_REASON_LENGTH) || UNKNOWN_REASON,
        },
      },
    });
    await explained(() => client.send(command));
    await this.delete(message);
  }

  /** SQS shows a sample: of many messages not always the newest. */
  async listDead({ limit }: { limit: number }): Promise<Array<DeadMessage<T>>> {
    const found = new Map<string, Message>();
    while (found.size < limit) {
      const messages = await this.poll({
        url: this.options.deadLetterQueueUrl,
        max: 10,
        waitSeconds: 0,
        visibilitySeconds: LOOK_SECONDS,
      });
      if (messages.length === 0) break;
      for (const message of messages) found.set(message.MessageId!, message);
    }
    return [...found.values()]
      .sort((a, b) => sentAt(b) - sentAt(a))
      .slice(0, limit)
      .map(message => ({
        id: message.MessageId!,
        body: toDelivery<T>(message).body,
        reason:
          message.MessageAttributes?.[REASON_ATTRIBUTE]?.StringValue ??
          UNKNOWN_REASON,
      }));
  }

  async counts(): Promise<{ ready: number; inFlight: number; dead: number }> {
    const { queueUrl, deadLetterQueueUrl } = this.options;
    const [alive, dead] = await Promise.all([
      this.count(queueUrl),
      this.count(deadLetterQueueUrl),
    ]);
    return {
      ready: alive.visible,
      inFlight: alive.hidden,
      dead: dead.visible + dead.hidden,
    };
  }

  /** Whether both queues are there; may be some seconds old. */
  readonly health = rememberHealth(async () => {
    try {
      await this.counts();
      return { status: 'UP' };
    } catch (error) {
      return { status: 'DOWN', reason: (error as Error).message };
    }
  });

  /** Buries what is not JSON: nobody here sent it, and the others must not wait for it. */
  private async readable(messages: Message[]): Promise<Array<QueueMessage<T>>> {
    const strange = messages.filter(message => !isJson(message));
    // One that cannot be buried now comes again.
    await Promise.allSettled(
      strange.map(message => this.bury(toDelivery(message), NOT_JSON)),
    );
    return messages
      .filter(message => !strange.includes(message))
      .map(message => toDelivery<T>(message));
  }

  private async count(
    QueueUrl: string,
  ): Promise<{ visible: number; hidden: number }> {
    const command = new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
      ],
    });
    const { Attributes = {} } = await explained(() =>
      this.options.client.send(command),
    );
    return {
      visible: Number(Attributes.ApproximateNumberOfMessages ?? 0),
      hidden: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
    };
  }

  private async poll(options: {
    url: string;
    max: number;
    waitSeconds: number;
    visibilitySeconds: number;
    signal?: AbortSignal;
  }): Promise<Message[]> {
    const { url, max, waitSeconds, visibilitySeconds, signal } = options;
    const command = new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: max,
      WaitTimeSeconds: waitSeconds,
      VisibilityTimeout: wholeSeconds(
        visibilitySeconds,
        MAX_VISIBILITY_SECONDS,
      ),
      MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SentTimestamp'],
      MessageAttributeNames: [REASON_ATTRIBUTE],
    });
    try {
      const { Messages = [] } = await explained(() =>
        this.options.client.send(command, { abortSignal: signal }),
      );
      return Messages;
    } catch (error) {
      // What SQS handed out at this moment comes again after its timeout.
      if (signal?.aborted) return [];
      throw error;
    }
  }
}

function sentAt(message: Message): number {
  return Number(message.Attributes?.SentTimestamp ?? 0);
}

/** Rounded up: waiting a little longer is safe. */
function wholeSeconds(seconds: number, most: number): number {
  return Math.min(most, Math.ceil(seconds));
}

/** @returns `false` when the receipt is not that of the current delivery */
async function unlessOutdated(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await explained(work);
    return true;
  } catch (error) {
    const { cause } = error as { cause?: unknown };
    if (isNamed(cause, ...OUTDATED)) return false;
    throw error;
  }
}

async function explained<R>(work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw toDependencyError(error, { what: 'The queue' });
  }
}
