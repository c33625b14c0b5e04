import {
  CreateQueueCommand,
  DeleteQueueCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { randomUUID } from 'node:crypto';
import { awsEmulator } from '../../../testing/awsEmulator';

export type TestQueue = { url: string; deadLetterUrl: string };

/** Queues of these names in the emulator of `npm run test:aws`, each with its dead-letter queue. */
export async function createTestQueues<Name extends string>(
  names: readonly Name[],
): Promise<{
  queues: Record<Name, TestQueue>;
  delete(name: Name): Promise<void>;
  tearDown(): Promise<void>;
}> {
  const client = new SQSClient(awsEmulator());
  const run = randomUUID();
  const create = async (name: string) => {
    const command = new CreateQueueCommand({ QueueName: `${name}-${run}` });
    return (await client.send(command)).QueueUrl!;
  };
  const queues = {} as Record<Name, TestQueue>;
  for (const name of names) {
    queues[name] = {
      url: await create(name),
      deadLetterUrl: await create(`${name}-dead`),
    };
  }
  const remove = (url: string) =>
    client.send(new DeleteQueueCommand({ QueueUrl: url })).catch(() => {});
  return {
    queues,
    async delete(name) {
      await remove(queues[name].url);
    },
    async tearDown() {
      for (const { url, deadLetterUrl } of Object.values<TestQueue>(queues)) {
        await remove(url);
        await remove(deadLetterUrl);
      }
      client.destroy();
    },
  };
}
