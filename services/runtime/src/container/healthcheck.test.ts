import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

// eslint-disable-next-line no-restricted-syntax -- tests run from the sources
const runtime = join(__dirname, '..', '..');

describe('health check of the container', () => {
  const KEY = 'k'.repeat(40);

  async function check(port: number): Promise<number | null> {
    const child = spawn(process.execPath, [join(runtime, 'healthcheck.cjs')], {
      env: { GENAI_PORT: String(port), GENAI_CONTROL_KEY: KEY },
    });
    const [code] = await once(child, 'exit');
    return code;
  }

  it.each([
    [200, 0],
    [500, 1],
  ])('makes %i of the runtime exit code %i', async (status, code) => {
    const server = createServer((request, response) => {
      const isAsked =
        request.url === '/control/status' &&
        request.headers.authorization === `Bearer ${KEY}`;
      response.statusCode = isAsked ? status : 401;
      response.end('{}');
    });
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    expect(await check(port)).toBe(code);
    server.closeAllConnections();
    await new Promise(resolve => {
      server.close(resolve);
    });
    expect(await check(port)).toBe(1);
  });
});
