import {
  EnvironmentEvent,
  GenaiEnvironmentsClient,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import express from 'express';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createTestDatabases } from '../__testUtils__/databases';
import { createRequest, startPlugin } from '../__testUtils__/startPlugin';
import { streamEvents } from './events';

describe.each(createTestDatabases().ids)('events, %s', id => {
  const { databases } = createTestDatabases();

  const start = async () => {
    const knex = await databases.init(id);
    const plugin = await startPlugin({ knex });
    await plugin.ada.post('/environments', createRequest).expect(201);
    const open = (headers: Record<string, string> = {}, query = '') =>
      fetch(`${plugin.url}/environments/invoice-bot/events${query}`, {
        headers: {
          Accept: 'text/event-stream',
          Authorization: plugin.ada.header,
          ...headers,
        },
      });
    return { ...plugin, knex, open };
  };

  it('stream until the environment is gone, without gap or repeat', async () => {
    const { ada, url, waitForPhase } = await start();
    const client = new GenaiEnvironmentsClient({
      discoveryApi: { getBaseUrl: async () => url.replace(/\/v1$/, '') },
      fetchApi: {
        fetch: (input, init) =>
          fetch(input, {
            ...init,
            headers: { ...init?.headers, Authorization: ada.header },
          }),
      },
    });
    const seen: EnvironmentEvent[] = [];
    for await (const event of client.watchEvents('invoice-bot')) {
      seen.push(event);
      if (event.phase === 'Ready') {
        await waitForPhase('invoice-bot', 'Ready');
        await client.deleteEnvironment('invoice-bot');
      }
    }
    expect(seen.map(({ sequence }) => sequence)).toEqual(
      seen.map((_, index) => index + 1),
    );
    expect(seen.map(({ phase }) => phase)).toEqual([
      'Pending',
      'Provisioning',
      'Ready',
      'Deleting',
      'Deleted',
    ]);
    expect(seen[0].actor).toBe('user:default/ada');
    expect(seen[2].actor).toBeUndefined();
  });

  it('resume behind Last-Event-ID, also when it is all over', async () => {
    const { ada, open, waitForPhase, waitUntilGone } = await start();
    await waitForPhase('invoice-bot', 'Ready');
    await ada.delete('/environments/invoice-bot').expect(202);
    await waitUntilGone('invoice-bot');

    const idsOf = (text: string) =>
      [...text.matchAll(/^id: (\d+)$/gm)].map(match => Number(match[1]));
    const resumed = await (await open({ 'Last-Event-ID': '3' })).text();
    expect(idsOf(resumed)).toEqual([4, 5]);
    const queried = await (await open({}, '?after=4')).text();
    expect(idsOf(queried)).toEqual([5]);
    const nothingLeft = await (await open({ 'Last-Event-ID': '5' })).text();
    expect(idsOf(nothingLeft)).toEqual([]);

    const page = await ada
      .get('/environments/invoice-bot/events?after=3')
      .expect(200);
    expect(page.body.items.map(({ sequence }: any) => sequence)).toEqual([
      4, 5,
    ]);
    await ada.get('/environments/invoice-bot/events?after=-1').expect(400);
    await ada.get('/environments/never-was/events').expect(404);
  });

  it('are not held back by caches and compression', async () => {
    const { open } = await start();
    const response = await open({ 'Accept-Encoding': 'gzip' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(response.headers.get('cache-control')).toBe(
      'no-cache, no-transform',
    );
    await response.body?.cancel();
  });

  it('tell of changes that another replica made', async () => {
    const { open, knex, waitForPhase } = await start();
    await waitForPhase('invoice-bot', 'Ready');
    const { uid, last_sequence: last } = await knex('environments').first();
    const response = await open({ 'Last-Event-ID': String(last) });
    await knex('environment_events').insert({
      environment_uid: uid,
      sequence: last + 1,
      at: Date.now(),
      type: 'Normal',
      reason: 'Elsewhere',
      message: 'It happened elsewhere.',
      phase: 'Ready',
    });
    await knex('environments').update({ last_sequence: last + 1 });

    const reader = response.body!.getReader();
    let text = '';
    while (!text.includes('Elsewhere')) {
      const { value, done } = await reader.read();
      expect(done).toBe(false);
      text += new TextDecoder().decode(value);
    }
    await reader.cancel();
  });

  it('end when the backend stops', async () => {
    const { open, backend } = await start();
    const response = await open();
    const text = response.text();
    await backend.stop();
    expect(await text).toContain('id: 1\n');
  });
});

describe('streamEvents', () => {
  it('sends heartbeats while nothing happens', async () => {
    const app = express().get('/', async (_, response) => {
      const hangUp = new AbortController();
      response.on('close', () => hangUp.abort());
      const { signal } = hangUp;
      const silence =
        (async function* never(): AsyncGenerator<EnvironmentEvent> {
          await once(signal, 'abort');
        })();
      await streamEvents(response, silence, { signal, heartbeatIntervalMs: 5 });
    });
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}`);
    const reader = response.body!.getReader();
    const { value } = await reader.read();
    expect(new TextDecoder().decode(value)).toMatch(/^: .*\n\n/);
    await reader.cancel();
    server.close();
    await once(server, 'close');
  });
});
