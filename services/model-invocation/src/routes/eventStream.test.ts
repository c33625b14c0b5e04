import { once } from 'node:events';
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Harness, startHarness } from '../testing/harness';
import { ScriptedModelProvider } from '../testing/ScriptedModelProvider';

const PARTS = 40;
const TEXT = 'x'.repeat(200_000);
const LISTENED = ['drain', 'close', 'error'];

describe('a stream of large parts', () => {
  let harness: Harness;
  let sent: ServerResponse;
  beforeEach(async () => {
    const scripted = new ScriptedModelProvider('scripted');
    scripted.parts = [
      ...Array.from({ length: PARTS }, () => ({
        type: 'text-delta' as const,
        text: TEXT,
      })),
      { type: 'finish', finishReason: 'stop', inputTokens: 5, outputTokens: 2 },
    ];
    harness = await startHarness({
      models: ['scripted'],
      providers: [scripted],
    });
    await harness.app.listen({ host: '127.0.0.1', port: 0 });
    harness.app.fastify.server.on('request', (_request, response) => {
      sent = response;
    });
  });
  afterEach(() => harness.close());

  async function open(): Promise<IncomingMessage> {
    const { port } = harness.app.fastify.server.address() as AddressInfo;
    const asked = request({
      ...{ host: '127.0.0.1', port, method: 'POST' },
      path: '/v1/chat/completions',
      headers: {
        ...(await harness.auth.bearer()),
        'content-type': 'application/json',
      },
    });
    asked.end(
      JSON.stringify({
        ...{ model: 'scripted', stream: true },
        messages: [{ role: 'user', content: 'x' }],
      }),
    );
    const [response] = await once(asked, 'response');
    return response;
  }
  const listeners = () => LISTENED.map(name => sent.listenerCount(name)).join();

  it('leaves no listener behind each time it waits for its reader', async () => {
    const response = await open();
    const seen: string[] = [];
    // Behind the writer, which listens first: it has tidied up by then.
    const look = () =>
      setImmediate(() => {
        if (!sent.writableEnded) seen.push(listeners());
      });
    sent.on('drain', look);
    let bytes = 0;
    for await (const chunk of response) bytes += chunk.length;
    expect(bytes).toBeGreaterThan(PARTS * TEXT.length);
    expect(seen.length).toBeGreaterThan(3);
    const most = seen.map(each => each.split(',').map(Number));
    for (const [drain, close, error] of most) {
      expect(drain).toBeLessThanOrEqual(most[0][0] + 1);
      expect(close).toBeLessThanOrEqual(most[0][1] + 1);
      expect(error).toBeLessThanOrEqual(most[0][2] + 1);
    }
  });

  it('ends when its reader hangs up while it waits', async () => {
    const response = await open();
    response.pause();
    const closed = once(sent, 'close');
    response.destroy();
    await closed;
    expect(await harness.firstBooking()).toMatchObject({
      ...{ invocations: 1, failedInvocations: 0 },
    });
    expect(LISTENED.map(name => sent.listenerCount(name))[0]).toBe(0);
  });
});
