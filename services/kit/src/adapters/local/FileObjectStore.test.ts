import { randomBytes } from 'node:crypto';
import {
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { App, buildApp, createLogger, objectRoutes } from '../..';
import { objectStoreContract } from '../../ports/testing';
import { createTestAuth } from '../../testing';
import { FileObjectStore } from './FileObjectStore';

async function setUp() {
  const directory = mkdtempSync(join(tmpdir(), 'objects-'));
  const signingKey = randomBytes(32);
  const time = { offset: 0 };
  let port = 0;
  const open = () =>
    new FileObjectStore({
      directory,
      signingKey,
      baseUrl: () => `http://127.0.0.1:${port}`,
      clock: { now: () => Date.now() + time.offset },
    });
  const app: App = await buildApp({
    services: [],
    auth: await createTestAuth(),
    logger: createLogger({ level: 'silent' }),
    info: { title: 'Test', version: '1' },
    routes: objectRoutes(open()),
    // A connection that was just used need not be idle yet, and nobody uses it again.
    drainTimeoutMs: 500,
  });
  ({ port } = await app.listen({ host: '127.0.0.1', port: 0 }));
  return {
    directory,
    app,
    open,
    request: (url: string, init?: RequestInit) => fetch(url, init),
    passSeconds: (seconds: number) => {
      time.offset += seconds * 1000;
    },
    async tearDown() {
      await app.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

describe('FileObjectStore', () => {
  objectStoreContract({ setUp });

  describe('beyond the contract', () => {
    let storage: Awaited<ReturnType<typeof setUp>>;
    beforeEach(async () => {
      storage = await setUp();
    });
    afterEach(() => storage.tearDown());

    const sign = (more: { maxSizeBytes?: number; key?: string } = {}) =>
      storage.open().signUpload(more.key ?? 'a/b.txt', {
        contentType: 'text/plain',
        maxSizeBytes: more.maxSizeBytes ?? 10,
        expiresAfterSeconds: 60,
      });
    const put = (url: string, body: BodyInit, headers: HeadersInit = {}) =>
      fetch(url, {
        method: 'PUT',
        body,
        headers,
        duplex: 'half',
      } as RequestInit);
    const expectProblem = async (
      answer: Response,
      status: number,
      code: string,
    ) => {
      expect(answer.status).toBe(status);
      expect(answer.headers.get('content-type')).toMatch(
        /^application\/problem\+json/,
      );
      expect(await answer.json()).toMatchObject({ status, code });
    };

    it('answers 200 with an empty JSON object and keeps the signed type', async () => {
      const answer = await put(await sign(), '{"a":1}', {
        'content-type': 'application/json',
      });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
      expect(await answer.json()).toEqual({});
      expect(await storage.open().head('a/b.txt')).toMatchObject({
        contentType: 'text/plain',
        sizeBytes: 7,
      });
    });

    it('takes an empty file, with and without a type', async () => {
      for (const headers of [undefined, { 'content-type': 'text/plain' }]) {
        const answer = await put(await sign(), '', headers);
        expect(answer.status).toBe(200);
        expect((await storage.open().head('a/b.txt'))!.sizeBytes).toBe(0);
        await storage.open().delete('a/b.txt');
      }
    });

    it('refuses what is too large, announced or not, and stores nothing', async () => {
      await expectProblem(
        await put(await sign(), 'x'.repeat(11)),
        413,
        'content_too_large',
      );
      const stream = Readable.toWeb(
        Readable.from([Buffer.alloc(8), Buffer.alloc(8)]),
      );
      await expectProblem(
        await put(await sign(), stream as BodyInit),
        413,
        'content_too_large',
      );
      expect(await storage.open().head('a/b.txt')).toBeUndefined();
      expect(readdirSync(join(storage.directory, 'incoming'))).toEqual([]);
    });

    it('refuses an address that was changed or has expired', async () => {
      const url = await sign();
      for (const changed of [
        url.replace('b.txt', 'c.txt'),
        url.replace('max=10', 'max=99'),
        url.replace('text%2Fplain', 'text%2Fhtml'),
        url.replace(/signature=.*/, ''),
        `${url}x`,
      ]) {
        expect(changed).not.toBe(url);
        await expectProblem(await put(changed, 'x'), 403, 'invalid_signature');
      }
      await expectProblem(await fetch(url), 403, 'invalid_signature');
      storage.passSeconds(61);
      await expectProblem(await put(url, 'x'), 403, 'signature_expired');
      expect(await storage.open().head('a/b.txt')).toBeUndefined();
    });

    it('stores nothing of an upload that broke off', async () => {
      const controller = new AbortController();
      const url = await sign({ maxSizeBytes: 1_000_000 });
      await storage.open().health();
      const incoming = join(storage.directory, 'incoming');
      async function* half() {
        yield Buffer.alloc(100_000);
        while (readdirSync(incoming).length === 0) {
          await new Promise(resolve => setImmediate(resolve));
        }
        controller.abort();
        yield Buffer.alloc(100);
      }
      await expect(
        fetch(url, {
          method: 'PUT',
          body: Readable.toWeb(Readable.from(half())) as BodyInit,
          signal: controller.signal,
          duplex: 'half',
        } as RequestInit),
      ).rejects.toThrow();
      while (readdirSync(incoming).length > 0) {
        await new Promise(resolve => setImmediate(resolve));
      }
      expect(await storage.open().head('a/b.txt')).toBeUndefined();
    });

    it('serves downloads so that browsers run nothing of them', async () => {
      await storage
        .open()
        .put('page', '<script>', { contentType: 'text/html' });
      const url = await storage
        .open()
        .signDownload('page', { expiresAfterSeconds: 60 });
      const answer = await fetch(url);
      expect(answer.headers.get('content-type')).toBe('text/html');
      expect(answer.headers.get('content-length')).toBe('8');
      expect(await answer.text()).toBe('<script>');
      expect(answer.headers.get('content-security-policy')).toContain(
        'sandbox',
      );
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    });

    it('lets nobody but the owner read', async () => {
      await storage.open().put('a/b', 'x', { contentType: 'text/plain' });
      for (const name of readdirSync(storage.directory, { recursive: true })) {
        const { mode } = statSync(join(storage.directory, String(name)));
        expect([name, mode & 0o077]).toEqual([name, 0]);
      }
    });

    it('takes away what a crash left long ago', async () => {
      await storage.open().put('a', 'x', { contentType: 'text/plain' });
      const left = join(storage.directory, 'incoming', 'left');
      const recent = join(storage.directory, 'incoming', 'recent');
      writeFileSync(left, '');
      writeFileSync(recent, '');
      utimesSync(left, 0, 0);
      await storage.open().put('a', 'x', { contentType: 'text/plain' });
      expect(readdirSync(join(storage.directory, 'incoming'))).toEqual([
        'recent',
      ]);
    });

    it('documents its routes', async () => {
      const { paths } = storage.app.openApi();
      expect(paths['/objects/{path}']).toMatchObject({
        put: {
          parameters: [{ name: 'path', in: 'path', required: true }],
          requestBody: { content: { 'application/octet-stream': {} } },
          responses: { 200: {}, 403: {} },
        },
        get: {
          responses: { 200: { content: { 'application/octet-stream': {} } } },
        },
      });
    });
  });
});
