import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CredentialStore } from './CredentialStore';
import { SecretSealer } from './SecretSealer';

const HOUR = 3_600_000;
const START = Date.parse('2026-03-01T12:00:00Z');

describe('CredentialStore', () => {
  let path: string;
  let now: number;

  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), 'genai-credentials-'));
    now = START;
  });

  afterEach(() => rm(path, { recursive: true }));

  const newStore = ({
    graceMs = 24 * HOUR,
    key = 'the portal',
    uid = 'uid-1',
  } = {}) =>
    new CredentialStore({
      sealer: new SecretSealer(key),
      now: () => now,
      ...{ path, uid, graceMs },
    });

  it('makes a secret up whose digest the issuer gets', async () => {
    const [{ sha256, ...rest }] = await newStore().ensure('client', 1);
    expect(rest).toEqual({ version: 1 });

    const secret = await newStore().take('client', 1);
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    expect(createHash('sha256').update(secret).digest('hex')).toBe(sha256);
  });

  it('changes nothing when it is asked again', async () => {
    const first = await newStore().ensure('client', 1);
    now += HOUR;
    expect(await newStore().ensure('client', 1)).toEqual(first);
  });

  it('lets the secret before a rotation expire after the grace period', async () => {
    await newStore().ensure('client', 1);
    expect(await newStore().ensure('client', 2)).toEqual([
      expect.objectContaining({
        version: 1,
        expiresAt: '2026-03-02T12:00:00.000Z',
      }),
      { version: 2, sha256: expect.any(String) },
    ]);
  });

  it('keeps two secrets at most, and none without a grace period', async () => {
    await newStore().ensure('client', 1);
    await newStore().ensure('client', 2);
    now += HOUR;
    const three = await newStore().ensure('client', 3);
    expect(three.map(({ version }) => version)).toEqual([2, 3]);

    now += 25 * HOUR;
    const four = await newStore().ensure('client', 4);
    expect(four.map(({ version }) => version)).toEqual([3, 4]);
    const five = await newStore({ graceMs: 0 }).ensure('client', 5);
    expect(five.map(({ version }) => version)).toEqual([5]);
  });

  it('drops a secret whose time was over before the next rotation', async () => {
    const store = newStore({ graceMs: HOUR });
    await store.ensure('client', 1);
    await store.ensure('client', 2);
    await rename(join(path, 'client.json'), join(path, 'kept.json'));
    const file = JSON.parse(readFileSync(join(path, 'kept.json'), 'utf8'));
    await writeFile(
      join(path, 'client.json'),
      JSON.stringify({ secrets: [file.secrets[0]] }),
    );
    now += 2 * HOUR;
    const digests = await store.ensure('client', 3);
    expect(digests.map(({ version }) => version)).toEqual([3]);
  });

  it('makes a new secret when it died between the sealed one and its digest', async () => {
    await newStore().ensure('client', 1);
    await rm(join(path, 'client.json'));

    const [{ sha256 }] = await newStore().ensure('client', 1);
    const secret = await newStore().take('client', 1);
    expect(createHash('sha256').update(secret).digest('hex')).toBe(sha256);
  });

  it('opens a sealed secret for nothing but what it belongs to', async () => {
    await newStore().ensure('client', 1);
    await rename(join(path, 'client.1.sealed'), join(path, 'other.1.sealed'));
    await expect(newStore().take('other', 1)).rejects.toThrow(/Rotate/);

    await newStore().ensure('client', 2);
    await expect(newStore({ uid: 'uid-2' }).take('client', 2)).rejects.toThrow(
      /Rotate/,
    );
    await newStore().ensure('client', 3);
    await expect(
      newStore({ key: 'another portal' }).take('client', 3),
    ).rejects.toThrow(/Rotate/);
  });

  // It used to be removed also when nobody had got it.
  it('keeps a secret that could not be opened for the next attempt', async () => {
    await newStore().ensure('client', 1);
    await expect(
      newStore({ key: 'another portal' }).take('client', 1),
    ).rejects.toThrow(/Rotate/);
    await expect(newStore().take('client', 1)).resolves.toHaveLength(43);
  });

  it('leaves nothing behind of a secret that was taken', async () => {
    await newStore().ensure('client', 1);
    await newStore().take('client', 1);
    expect(readdirSync(path)).toEqual(['client.json']);
  });

  it('forgets applications that do not exist any more', async () => {
    for (const client of ['a', 'ab']) await newStore().ensure(client, 1);
    await newStore().retain(new Set(['ab']));
    expect(readdirSync(path).sort()).toEqual(['ab.1.sealed', 'ab.json']);
  });

  it.each(['../x', 'a/b', '', 'a.b', 'x'.repeat(101)])(
    'refuses the client id %p',
    async clientId => {
      await expect(newStore().ensure(clientId, 1)).rejects.toThrow(
        /client id must/,
      );
      await expect(newStore().take(clientId, 1)).rejects.toThrow(
        /client id must/,
      );
      expect(readdirSync(path)).toEqual([]);
    },
  );
});
