import { GenaiEnvironmentsClient } from './client';
import type { EnvironmentEvent } from './event';

const discoveryApi = {
  getBaseUrl: async (id: string) => `http://backend.test/api/${id}`,
};

function clientAnswering(answer: (request: Request) => Response) {
  const requests: Request[] = [];
  const client = new GenaiEnvironmentsClient({
    discoveryApi,
    fetchApi: {
      fetch: async (input, init) => {
        const request = new Request(input as string, init);
        requests.push(request);
        return answer(request);
      },
    },
  });
  return { client, requests };
}

const event = (sequence: number): EnvironmentEvent => ({
  sequence,
  at: '2026-11-23T10:00:00.000Z',
  type: 'Normal',
  reason: 'Step',
  message: 'Zwölf Schritte',
  phase: 'Provisioning',
});

describe('GenaiEnvironmentsClient', () => {
  it('escapes what callers put into paths and queries', async () => {
    const { client, requests } = clientAnswering(() => Response.json({}));

    await client.getEnvironment('../limits?x=1');
    await client.listEnvironments({ owner: 'group:default/a&b', limit: 5 });

    expect(requests.map(r => r.url)).toEqual([
      'http://backend.test/api/genai-environments/v1/environments/..%2Flimits%3Fx%3D1',
      'http://backend.test/api/genai-environments/v1/environments?owner=group%3Adefault%2Fa%26b&limit=5',
    ]);
  });

  it('scales, restarts and reads logs', async () => {
    const { client, requests } = clientAnswering(() => Response.json({}));

    await client.scaleService('bot', 'app', { tasks: 2 });
    await client.restartService('bot', 'app');
    await client.readLogs('bot', { service: 'app', after: 'a+b', limit: 5 });
    await client.readLogs('bot');

    const base = 'http://backend.test/api/genai-environments/v1';
    expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `POST ${base}/environments/bot/services/app/scale`,
      `POST ${base}/environments/bot/services/app/restart`,
      `GET ${base}/environments/bot/logs?service=app&after=a%2Bb&limit=5`,
      `GET ${base}/environments/bot/logs`,
    ]);
    expect(await requests[0].json()).toEqual({ tasks: 2 });
  });

  it('sends a token only when it was given one', async () => {
    const { client, requests } = clientAnswering(() => Response.json({}));

    await client.getLimits();
    await client.getLimits({ token: 'abc' });

    expect(requests.map(r => r.headers.get('authorization'))).toEqual([
      null,
      'Bearer abc',
    ]);
  });

  it('rejects with the sentence of the backend', async () => {
    const { client } = clientAnswering(() =>
      Response.json(
        {
          error: { name: 'ConflictError', message: 'The name is taken.' },
          response: { statusCode: 409 },
        },
        { status: 409 },
      ),
    );

    await expect(client.getEnvironment('taken')).rejects.toMatchObject({
      name: 'ResponseError',
      statusCode: 409,
      body: { error: { message: 'The name is taken.' } },
    });
  });

  it('reads events whose frames and characters are split anywhere', async () => {
    const bytes = new TextEncoder().encode(
      `: hello\n\n${[event(1), event(2)]
        .map(e => `id: ${e.sequence}\ndata: ${JSON.stringify(e)}\n\n`)
        .join('')}`,
    );
    const { client, requests } = clientAnswering(
      () =>
        new Response(
          new ReadableStream({
            start(controller) {
              for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
              controller.close();
            },
          }),
        ),
    );

    const seen: EnvironmentEvent[] = [];
    for await (const e of client.watchEvents('env', { after: 0 })) seen.push(e);

    expect(seen).toEqual([event(1), event(2)]);
    expect(requests[0].headers.get('accept')).toBe('text/event-stream');
  });

  it('cancels the stream when the reader leaves', async () => {
    let cancelled = false;
    const { client } = clientAnswering(
      () =>
        new Response(
          new ReadableStream({
            pull(controller) {
              controller.enqueue(
                new TextEncoder().encode(
                  `data: ${JSON.stringify(event(1))}\n\n`,
                ),
              );
            },
            cancel() {
              cancelled = true;
            },
          }),
        ),
    );

    for await (const e of client.watchEvents('env')) {
      expect(e.sequence).toBe(1);
      break;
    }

    expect(cancelled).toBe(true);
  });
});
