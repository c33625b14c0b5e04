import {
  CreateQueueCommand,
  DeleteQueueCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { awsEmulator, queueContract } from '../../testing';
import { SqsQueue } from './SqsQueue';

jest.setTimeout(40_000);

async function setUp() {
  const client = new SQSClient(awsEmulator());
  const create = async (name: string) => {
    const { QueueUrl } = await client.send(
      new CreateQueueCommand({ QueueName: name }),
    );
    return QueueUrl!;
  };
  const id = randomUUID();
  const queueUrl = await create(`work-${id}`);
  const deadLetterQueueUrl = await create(`dead-${id}`);
  return {
    open: () =>
      new SqsQueue<{ id: number; text?: string }>({
        client,
        queueUrl,
        deadLetterQueueUrl,
      }),
    // Standard queues promise at least once, and the emulator takes its time to hide.
    isExclusive: false,
    // The emulator knows no other time than that of the machine.
    pass: (seconds: number) => delay(seconds * 1000),
    async tearDown() {
      for (const QueueUrl of [queueUrl, deadLetterQueueUrl]) {
        await client.send(new DeleteQueueCommand({ QueueUrl }));
      }
      client.destroy();
    },
  };
}

describe('SqsQueue', () => {
  queueContract({ setUp });

  it('says that a retry cannot help when there is no such queue', async () => {
    const client = new SQSClient(awsEmulator());
    const queue = new SqsQueue({
      client,
      queueUrl: `${awsEmulator().endpoint}/123456789012/missing`,
      deadLetterQueueUrl: `${awsEmulator().endpoint}/123456789012/missing`,
    });
    await expect(queue.send([1])).rejects.toMatchObject({
      name: 'DependencyError',
      retryable: false,
    });
    client.destroy();
  });
});
