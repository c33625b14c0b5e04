import { readFile, stat } from 'node:fs/promises';
import { request as sendRequest } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import { projectApp } from '../testing/applications';
import { makeAppDirectory, removeDirectories } from '../testing/directories';
import {
  closeTestRuntimes,
  startTestRuntime,
  TestRuntime,
} from '../testing/startTestRuntime';
import { TEST_APP } from '../testing/testApp';
import { isAlive, until } from '../testing/until';

describe("the project's app", () => {
  let runtime: TestRuntime;

  async function start(source = TEST_APP): Promise<void> {
    runtime = await startTestRuntime({
      appDirectory: await makeAppDirectory(source),
    });
  }

  const appStatus = async () =>
    (await runtime.status()).services.find(({ name }) => name === 'app');
  const untilHealth = (health: string) =>
    until(async () => {
      const status = await appStatus();
      return status?.health === health && status;
    });
  const environmentOfApp = async () =>
    (await runtime.fetch('/app/environment')).json() as Promise<{
      pid: number;
      env: Record<string, string>;
    }>;

  afterEach(async () => {
    await closeTestRuntimes();
    await removeDirectories();
  });

  it('waits for its application, then runs with an application of its own', async () => {
    await start();
    expect(await appStatus()).toMatchObject({
      health: 'starting',
      message: expect.stringContaining('application'),
      url: `${runtime.url}/app/`,
    });
    await runtime.putApplication('project', projectApp);
    expect(await untilHealth('healthy')).toMatchObject({
      startedAt: expect.any(String),
    });

    const { env } = await environmentOfApp();
    expect(env).toMatchObject({
      HOST: '127.0.0.1',
      PORT: expect.stringMatching(/^\d+$/),
      APP_BASE_PATH: '/app',
      GENAI_ENVIRONMENT_NAME: 'demo',
      GENAI_ENDPOINT: runtime.url,
      GENAI_TOKEN_URL: `${runtime.url}/oauth2/token`,
      GENAI_CLIENT_ID: 'project',
      GENAI_TEXT_MODEL: 'local.extractive',
    });
    const answer = await runtime.requestToken(
      env.GENAI_CLIENT_ID,
      env.GENAI_CLIENT_SECRET,
    );
    expect(answer.status).toBe(200);
  });

  it("sees nothing else of the runtime's environment", async () => {
    process.env.GENAI_CONTROL_KEY = 'a-control-key-that-is-not-for-apps';
    process.env.SOME_PASSWORD = 'nor-this';
    try {
      await start();
      await runtime.putApplication('project', projectApp);
      await untilHealth('healthy');
      const { env } = await environmentOfApp();
      const text = JSON.stringify(env);
      expect(text).not.toContain('not-for-apps');
      expect(text).not.toContain('nor-this');
      expect(text).not.toContain(runtime.config.controlKey);
    } finally {
      delete process.env.GENAI_CONTROL_KEY;
      delete process.env.SOME_PASSWORD;
    }
  });

  it('keeps its output in a file for the owner, without its secret', async () => {
    await start();
    await runtime.putApplication('project', projectApp);
    await untilHealth('healthy');
    const { env } = await environmentOfApp();
    const path = join(runtime.config.dataDirectory, 'app.log');
    const text = await until(async () => {
      const content = await readFile(path, 'utf8');
      return content.includes('my secret is') && content;
    });
    expect(text).toContain('my secret is [redacted]');
    expect(text).not.toContain(env.GENAI_CLIENT_SECRET);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('starts again with a new secret when it ends', async () => {
    await start();
    await runtime.putApplication('project', projectApp);
    await untilHealth('healthy');
    const before = await environmentOfApp();

    await runtime.fetch('/app/exit').catch(() => undefined);
    const { message } = await untilHealth('unhealthy');
    expect(message).toContain('exit code 3');
    await untilHealth('healthy');

    const after = await environmentOfApp();
    expect(after.pid).not.toBe(before.pid);
    const old = await runtime.requestToken(
      'project',
      before.env.GENAI_CLIENT_SECRET,
    );
    expect(old.status).toBe(401);
  });

  it('stops when its application is deleted', async () => {
    await start();
    await runtime.putApplication('project', projectApp);
    await untilHealth('healthy');
    const { pid } = await environmentOfApp();
    await runtime.control('/applications/project', 'DELETE');
    await until(() => !isAlive(pid));
    expect((await untilHealth('starting')).message).toContain('application');
  });

  it('goes with the runtime', async () => {
    await start();
    await runtime.putApplication('project', projectApp);
    await untilHealth('healthy');
    const { pid } = await environmentOfApp();
    await runtime.close();
    expect(isAlive(pid)).toBe(false);
  });

  it('says what is wrong with an app that cannot be started', async () => {
    await start('process.exit(1)');
    await runtime.putApplication('project', projectApp);
    const { message } = await untilHealth('unhealthy');
    expect(message).toContain('exit code 1');
  });

  it('answers 503 as problem and as a page while it is down', async () => {
    await start();
    const problem = await runtime.fetch('/app/');
    expect(problem.status).toBe(503);
    expect(problem.headers.get('retry-after')).toBe('2');
    expect(problem.headers.get('content-type')).toBe(
      'application/problem+json',
    );
    expect(await problem.json()).toMatchObject({ code: 'app_unavailable' });

    const page = await runtime.fetch('/app/', {
      headers: { accept: 'text/html,*/*;q=0.8' },
    });
    expect(page.status).toBe(503);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(await page.text()).toContain('is starting');
  });

  it('answers 404 when the environment has no app', async () => {
    runtime = await startTestRuntime();
    const response = await runtime.fetch('/app/');
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'no_app' });
  });

  describe('behind the proxy', () => {
    beforeEach(async () => {
      await start();
      await runtime.putApplication('project', projectApp);
      await untilHealth('healthy');
    });

    it('redirects /app to /app/ and keeps the query', async () => {
      const response = await runtime.fetch('/app?q=1');
      expect(response.status).toBe(308);
      expect(response.headers.get('location')).toBe('/app/?q=1');
    });

    it('gets method, address, headers and body as they were sent', async () => {
      const bytes = Buffer.from(
        Array.from({ length: 70_000 }, (_, i) => i % 256),
      );
      const response = await runtime.fetch('/app/echo?x=%20y', {
        method: 'PUT',
        headers: {
          'content-type': 'multipart/form-data; boundary=b',
          'x-forwarded-host': 'evil.example',
          authorization: 'Bearer of-the-app',
        },
        body: bytes,
      });
      const echoed = await response.json();
      expect(echoed).toMatchObject({
        method: 'PUT',
        url: '/app/echo?x=%20y',
        body: bytes.toString('base64'),
      });
      expect(echoed.headers).toMatchObject({
        host: new URL(runtime.url).host,
        'content-type': 'multipart/form-data; boundary=b',
        'x-forwarded-host': new URL(runtime.url).host,
        'x-forwarded-proto': 'http',
        'x-forwarded-prefix': '/app',
        authorization: 'Bearer of-the-app',
      });
      expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
      expect(response.headers.get('x-internal')).toBeNull();
    });

    it('takes invalid JSON and large bodies: they are not for the runtime to judge', async () => {
      const body = `{"broken": "${'x'.repeat(11 * 1024 * 1024)}"`;
      const response = await runtime.fetch('/app/echo', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      const echoed = await response.json();
      expect(Buffer.from(echoed.body, 'base64')).toHaveLength(body.length);
    });

    it('streams in both directions', async () => {
      const request = sendRequest(`${runtime.url}/app/events`, {
        method: 'POST',
      });
      request.flushHeaders();
      const [response] = await once(request, 'response');
      response.setEncoding('utf8');
      for (const line of ['one', 'two']) {
        request.write(line);
        const [data] = await once(response, 'data');
        expect(data).toBe(`data: ${line}\n\n`);
      }
      request.end();
      await once(response.resume(), 'end');
    });

    it.each(['forever', 'silent'])(
      'learns when the caller of /app/%s hangs up',
      async name => {
        const controller = new AbortController();
        const call = runtime
          .fetch(`/app/${name}`, { signal: controller.signal })
          .then(response => response.text());
        const status = async () => {
          const answer = await runtime.fetch('/app/aborted');
          return (await answer.json()) as { aborted: number; open: number };
        };
        // One is this one, the other that which is about to be abandoned.
        await until(async () => (await status()).open === 2);
        controller.abort();
        await expect(call).rejects.toThrow();
        await until(async () => (await status()).aborted === 1);
        expect((await status()).open).toBe(1);
      },
    );

    it('is cut off, not left hanging, when the app dies in the middle', async () => {
      const response = await runtime.fetch('/app/forever');
      const reader = response.body!.getReader();
      await reader.read();
      const { pid } = await environmentOfApp();
      process.kill(pid, 'SIGKILL');
      await expect(reader.read()).rejects.toThrow();
    });

    it.each([
      [{ 'sec-fetch-site': 'cross-site' }],
      [{ 'sec-fetch-site': 'same-site' }],
      [{ origin: 'https://evil.example' }],
      [{ origin: 'null' }],
    ])('takes no change from another site: %j', async headers => {
      const response = await runtime.fetch('/app/echo', {
        method: 'POST',
        headers,
      });
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({
        code: 'cross_site_request',
      });
    });

    it('takes changes from its own pages and from programs', async () => {
      for (const headers of [
        { 'sec-fetch-site': 'same-origin', origin: runtime.url },
        { origin: runtime.url },
        {},
      ]) {
        const response = await runtime.fetch('/app/echo', {
          method: 'POST',
          headers: headers as Record<string, string>,
        });
        expect(response.status).toBe(200);
      }
    });
  });
});
