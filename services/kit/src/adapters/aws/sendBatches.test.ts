import type { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { sendBatches } from './sendBatches';

/** Answers as SQS does, with what `fail` says of each attempt at a message. */
function scripted(
  fail: (text: string, attempt: number) => 'ours' | 'theirs' | undefined,
) {
  const calls: string[][] = [];
  const attempts = new Map<string, number>();
  const client = {
    async send({ input }: SendMessageBatchCommand) {
      const entries = input.Entries!;
      calls.push(entries.map(({ MessageBody }) => MessageBody!));
      return {
        Failed: entries.flatMap(({ Id, MessageBody }) => {
          const attempt = (attempts.get(MessageBody!) ?? 0) + 1;
          attempts.set(MessageBody!, attempt);
          const failure = fail(MessageBody!, attempt);
          return failure
            ? [{ Id, Code: 'X', SenderFault: failure === 'ours' }]
            : [];
        }),
      };
    },
  } as unknown as SQSClient;
  return { client, calls };
}

describe('sendBatches', () => {
  const options = { queueUrl: 'http://127.0.0.1/q', delaySeconds: 0 };

  it('sends ten at once, and fewer when they are large', async () => {
    const { client, calls } = scripted(() => undefined);
    const small = Array.from({ length: 12 }, (_, index) => `small ${index}`);
    const large = ['a', 'b', 'c'].map(letter => letter.repeat(100 * 1024));
    await sendBatches(client, { ...options, texts: [...small, ...large] });
    expect(calls.map(call => call.length)).toEqual([10, 4, 1]);
  });

  it('sends again only what SQS did not take', async () => {
    const { client, calls } = scripted((text, attempt) =>
      text === 'b' && attempt < 3 ? 'theirs' : undefined,
    );
    await sendBatches(client, { ...options, texts: ['a', 'b', 'c'] });
    expect(calls).toEqual([['a', 'b', 'c'], ['b'], ['b']]);
  });

  it('gives up in the end', async () => {
    const { client, calls } = scripted(() => 'theirs');
    await expect(
      sendBatches(client, { ...options, texts: ['a'] }),
    ).rejects.toMatchObject({ name: 'DependencyError', retryable: true });
    expect(calls).toHaveLength(5);
  });

  it('does not repeat what SQS calls our fault', async () => {
    const { client, calls } = scripted(() => 'ours');
    await expect(
      sendBatches(client, { ...options, texts: ['a'] }),
    ).rejects.toMatchObject({ name: 'DependencyError', retryable: false });
    expect(calls).toHaveLength(1);
  });
});
