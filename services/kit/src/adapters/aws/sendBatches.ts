import {
  SendMessageBatchCommand,
  SendMessageBatchRequestEntry,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { DependencyError } from '../../errors';

/** What SQS takes at once. */
const MAX_ENTRIES = 10;
const MAX_BATCH_BYTES = 250 * 1024;

/** SQS may take a part of a batch and ask for the rest again. */
const MAX_ATTEMPTS = 5;
const FIRST_PAUSE_MS = 50;

/**
 * Sends any number of messages.
 *
 * @throws DependencyError when SQS refuses one, or does not take it after several attempts
 */
export async function sendBatches(
  client: SQSClient,
  options: { queueUrl: string; texts: string[]; delaySeconds: number },
): Promise<void> {
  const { queueUrl, texts, delaySeconds } = options;
  for (const batch of inBatches(texts)) {
    await sendBatch(client, {
      queueUrl,
      entries: batch.map((MessageBody, index) => ({
        Id: String(index),
        MessageBody,
        DelaySeconds: delaySeconds,
      })),
    });
  }
}

async function sendBatch(
  client: SQSClient,
  options: { queueUrl: string; entries: SendMessageBatchRequestEntry[] },
): Promise<void> {
  let { entries } = options;
  for (let attempt = 1; ; attempt++) {
    const { Failed = [] } = await client.send(
      new SendMessageBatchCommand({
        QueueUrl: options.queueUrl,
        Entries: entries,
      }),
    );
    if (Failed.length === 0) return;
    const isOurs = Failed.some(({ SenderFault }) => SenderFault);
    if (isOurs || attempt === MAX_ATTEMPTS) {
      throw new DependencyError('The queue did not take all messages.', {
        kind: isOurs ? 'failed' : 'unavailable',
        retryable: !isOurs,
        cause: new Error(`SQS: ${Failed[0].Code}`),
      });
    }
    const failed = new Set(Failed.map(({ Id }) => Id));
    entries = entries.filter(({ Id }) => failed.has(Id));
    const longest = FIRST_PAUSE_MS * 2 ** attempt;
    await new Promise(resolve => setTimeout(resolve, Math.random() * longest));
  }
}

function* inBatches(texts: string[]): Generator<string[]> {
  let batch: string[] = [];
  let size = 0;
  for (const text of texts) {
    const bytes = Buffer.byteLength(text);
    if (batch.length === MAX_ENTRIES || size + bytes > MAX_BATCH_BYTES) {
      yield batch;
      batch = [];
      size = 0;
    }
    batch.push(text);
    size += bytes;
  }
  if (batch.length > 0) yield batch;
}
