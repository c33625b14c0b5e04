import { once } from 'node:events';
import { get, Server } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { removeDirectories } from '../testing/directories';
import {
  closeTestRuntimes,
  startTestRuntime,
  TestRuntime,
} from '../testing/startTestRuntime';
import { createHostCheck } from './hostCheck';

type Answer = { status: number; type: string; body: string };

/** `fetch` does not let anybody set the Host header. */
function getWithHost(url: string, headers: Record<string, string>) {
  return new Promise<Answer>((resolve, reject) => {
    get(url, { headers }, async response =>
      resolve({
        status: response.statusCode ?? 0,
        type: response.headers['content-type'] ?? '',
        body: await text(response),
      }),
    ).on('error', reject);
  });
}

describe('front of the runtime', () => {
  let runtime: TestRuntime;

  beforeEach(async () => {
    runtime = await startTestRuntime();
  });

  afterEach(async () => {
    await closeTestRuntimes();
    await removeDirectories();
  });

  it.each([
    '/',
    '/openapi.json',
    '/.well-known/jwks.json',
    '/app/',
    '/nowhere',
  ])('refuses %s for a host name that is not its own', async path => {
    const { port } = runtime.config;
    for (const host of [
      `rebound.example:${port}`,
      'rebound.example',
      '127.0.0.1',
      `127.0.0.1:${port + 1}`,
      `127.0.0.1:${port}.rebound.example`,
    ]) {
      const answer = await getWithHost(runtime.url + path, { host });
      expect(answer.status).toBe(403);
      expect(JSON.parse(answer.body)).toMatchObject({ code: 'unknown_host' });
    }
  });

  it('answers under each loopback name', async () => {
    const { port } = runtime.config;
    for (const name of ['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]']) {
      const answer = await getWithHost(`${runtime.url}/`, {
        host: `${name}:${port}`,
      });
      expect(answer.status).toBe(200);
    }
  });

  it('accepts the public address and checks nothing on other interfaces', () => {
    const request = (host: string) => ({ headers: { host } } as never);
    const behindProxy = createHostCheck({
      host: '127.0.0.1',
      port: 4000,
      publicUrl: 'https://genai.example',
    });
    expect(() => behindProxy(request('genai.example'))).not.toThrow();
    expect(() => behindProxy(request('other.example'))).toThrow(
      'answers only at https://genai.example',
    );
    const open = createHostCheck({
      host: '0.0.0.0',
      port: 4000,
      publicUrl: 'https://genai.example',
    });
    expect(() => open(request('other.example'))).not.toThrow();
  });

  it('does not wait for connections on which nothing was sent', async () => {
    const socket = connect(runtime.config.port, '127.0.0.1');
    await once(socket, 'connect');
    // The other side has accepted it once it answers a later one.
    await runtime.fetch('/');
    const cut = jest.spyOn(Server.prototype, 'closeAllConnections');
    await Promise.all([runtime.close(), once(socket, 'close')]);
    expect(cut).not.toHaveBeenCalled();
    cut.mockRestore();
  });

  it('says at / what it is, as JSON and as a page', async () => {
    const json = await runtime.fetch('/');
    expect(await json.json()).toMatchObject({
      environment: 'demo',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      source: expect.stringMatching(/^(bundled|own)$/),
      links: {
        openapi: `${runtime.url}/openapi.json`,
        'health of model-invocation': `${runtime.url}/model/service/health`,
      },
    });
    const page = await runtime.fetch('/', { headers: { accept: 'text/html' } });
    expect(page.headers.get('content-type')).toContain('text/html');
    const html = await page.text();
    expect(html).toContain('<a href="/openapi.json">');
    expect(html).toContain('Its services: version ');
  });
});
