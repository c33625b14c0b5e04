import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import type { ObjectStore } from '../ObjectStore';

/** A store of the adapter under test; each `setUp` makes an empty one. */
export type ObjectStoreUnderTest = {
  /** A view on the same objects each time, as another process would have it. */
  open(): ObjectStore;
  /** Sends a request to an address that the store signed. */
  request(url: string, init?: RequestInit): Promise<Response>;
  tearDown(): Promise<void>;
  /** `false`: the emulator leaves out the name under which a browser saves a file. */
  namesDownloads?: boolean;
};

/** What every object store must do. */
export function objectStoreContract(options: {
  setUp(): Promise<ObjectStoreUnderTest>;
}): void {
  describe('contract of ObjectStore', () => {
    let under: ObjectStoreUnderTest;
    let store: ObjectStore;

    beforeEach(async () => {
      under = await options.setUp();
      store = under.open();
    });
    afterEach(() => under.tearDown());

    const textType = { contentType: 'text/plain; charset=utf-8' };
    const read = async (key: string) => {
      const found = await under.open().get(key);
      return found && text(found.body);
    };

    it('gives back what was put, and what it is', async () => {
      const before = Date.now();
      const info = await store.put('jobs/1/a.txt', 'Größe', textType);
      expect(info).toMatchObject({ key: 'jobs/1/a.txt', sizeBytes: 7 });
      const found = (await under.open().get('jobs/1/a.txt'))!;
      expect(found).toMatchObject({
        key: 'jobs/1/a.txt',
        sizeBytes: 7,
        contentType: textType.contentType,
      });
      // Some stores know whole seconds only.
      expect(Math.abs(found.lastModifiedAt - before)).toBeLessThan(60_000);
      expect(await text(found.body)).toBe('Größe');
      const { body: _, ...described } = found;
      expect(await store.head('jobs/1/a.txt')).toEqual(described);
    });

    it('takes bytes, streams and nothing', async () => {
      const bytes = Uint8Array.from({ length: 3_000_000 }, (_, i) => i % 251);
      const type = { contentType: 'application/octet-stream' };
      await store.put('bytes', bytes, type);
      const chunks = Array.from({ length: 60 }, (_, i) =>
        bytes.subarray(i * 50_000, (i + 1) * 50_000),
      );
      const info = await store.put('stream', Readable.from(chunks), type);
      expect(info.sizeBytes).toBe(3_000_000);
      await store.put('empty', '', type);
      await store.put('empty-stream', Readable.from([]), type);
      for (const key of ['bytes', 'stream']) {
        const found = (await store.get(key))!;
        expect((await buffer(found.body)).equals(bytes)).toBe(true);
      }
      expect(await read('empty')).toBe('');
      expect(await read('empty-stream')).toBe('');
    });

    it('knows nothing of what was never put', async () => {
      expect(await store.get('nope')).toBeUndefined();
      expect(await store.head('nope/x')).toBeUndefined();
      await expect(store.delete('nope')).resolves.toBeUndefined();
      await expect(store.deleteAll('nope/')).resolves.toBeUndefined();
    });

    it('replaces as a whole, and keeps the old one when a stream breaks', async () => {
      await store.put('a', 'first', textType);
      const broken = Readable.from(
        (async function* chunks() {
          yield Buffer.from('half');
          throw new Error('The source broke');
        })(),
      );
      await expect(store.put('a', broken, textType)).rejects.toThrow(
        'The source broke',
      );
      expect(await read('a')).toBe('first');
      await store.put('a', 'second', { contentType: 'text/markdown' });
      expect(await read('a')).toBe('second');
      expect((await store.head('a'))!.contentType).toBe('text/markdown');
    });

    it('tells keys apart that file systems may confuse', async () => {
      const keys = ['a', 'A', 'a/b', 'a/B', 'a.', 'a_'];
      for (const key of keys) await store.put(key, `of ${key}`, textType);
      for (const key of keys) expect(await read(key)).toBe(`of ${key}`);
    });

    it('takes every key it says it takes', async () => {
      const keys = [
        "!_.*'()-/...",
        'x'.repeat(900),
        `${'Y'.repeat(449)}/${'Z'.repeat(450)}`,
      ];
      for (const key of keys) {
        await store.put(key, 'x', textType);
        expect((await store.head(key))?.key).toBe(key);
      }
    });

    it.each([
      '',
      '/a',
      'a/',
      'a//b',
      '../a',
      'a/../b',
      './a',
      'a b',
      'ä',
      'a\\b',
      'a%2e',
      'a\n',
      'x'.repeat(901),
    ])('refuses the key %j', async key => {
      await expect(store.put(key, 'x', textType)).rejects.toMatchObject({
        code: 'invalid_object_key',
      });
      await expect(store.get(key)).rejects.toMatchObject({
        code: 'invalid_object_key',
      });
    });

    it('deletes one, or all below a prefix', async () => {
      for (const key of ['a/1', 'a/b/2', 'ab/3', 'a', 'c']) {
        await store.put(key, key, textType);
      }
      await store.delete('c');
      await store.deleteAll('a/');
      expect(await read('c')).toBeUndefined();
      expect(await read('a/1')).toBeUndefined();
      expect(await read('a/b/2')).toBeUndefined();
      expect(await read('ab/3')).toBe('ab/3');
      expect(await read('a')).toBe('a');
      await expect(store.deleteAll('a')).rejects.toMatchObject({
        code: 'invalid_object_key',
      });
    });

    it('lets puts and deletes of neighbours happen at once', async () => {
      await Promise.all(
        Array.from({ length: 40 }, async (_, index) => {
          const key = `deep/er/${index}`;
          await store.put(key, String(index), textType);
          await store.delete(key);
        }),
      );
      expect(await read('deep/er/7')).toBeUndefined();
    });

    it('is up', async () => {
      expect(await store.health()).toEqual({ status: 'UP' });
    });

    it('lets a bearer of an address upload and download', async () => {
      const upload = await store.signUpload('up/load.pdf', {
        contentType: 'application/pdf',
        maxSizeBytes: 1000,
        expiresAfterSeconds: 60,
      });
      // As `requests.put(url, data=...)` of Python: no Content-Type.
      const answer = await under.request(upload, {
        method: 'PUT',
        body: new Uint8Array([1, 2, 3]),
      });
      expect(answer.status).toBe(200);
      expect(await store.head('up/load.pdf')).toMatchObject({ sizeBytes: 3 });

      const download = await store.signDownload('up/load.pdf', {
        fileName: 'Bericht "ä".pdf',
        expiresAfterSeconds: 60,
      });
      const got = await under.request(download);
      expect(got.status).toBe(200);
      expect([...new Uint8Array(await got.arrayBuffer())]).toEqual([1, 2, 3]);
      const disposition = `attachment; filename="Bericht ___.pdf"; filename*=UTF-8''Bericht%20%22%C3%A4%22.pdf`;
      expect(
        under.namesDownloads === false
          ? new URL(download).searchParams.get('response-content-disposition')
          : got.headers.get('content-disposition'),
      ).toBe(disposition);
    });

    it('answers 404 for an address of nothing', async () => {
      const url = await store.signDownload('nothing', {
        expiresAfterSeconds: 60,
      });
      expect((await under.request(url)).status).toBe(404);
    });
  });
}
