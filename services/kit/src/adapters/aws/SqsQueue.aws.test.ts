import {
  CreateQueueCommand,
  DeleteQueueCommand,
  SendMessageCommand,
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
    client,
    queueUrl,
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

  it('buries what is not JSON, and hands out the others', async () => {
    const { client, queueUrl: QueueUrl, open, tearDown } = await setUp();
    const queue = open();
    await client.send(
      new SendMessageCommand({ QueueUrl, MessageBody: 'id: 1' }),
    );
    await queue.send([{ id: 2 }]);
    const options = { visibilityTimeoutSeconds: 30, waitSeconds: 1 };
    const first = await queue.receive({ max: 10, ...options });
    const second = await queue.receive({ max: 10, ...options });
    expect([...first, ...second]).toMatchObject([{ body: { id: 2 } }]);
    expect(await queue.listDead({ limit: 5 })).toMatchObject([
      { body: 'id: 1', reason: 'Its body is not JSON.' },
    ]);
    expect(await queue.counts()).toEqual({ ready: 0, inFlight: 1, dead: 1 });
    await tearDown();
  });

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
