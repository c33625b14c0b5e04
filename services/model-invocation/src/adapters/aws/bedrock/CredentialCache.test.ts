import { createLogger } from '@genai-environments/service-kit';
import { CredentialCache } from './CredentialCache';
import type { AwsCredentials } from './RequestSigner';

const MINUTE = 60_000;

function setUp(lifetimeMs: number | undefined) {
  const state = { now: 0, calls: 0, broken: false };
  const provider = async (): Promise<AwsCredentials> => {
    state.calls += 1;
    if (state.broken) throw new Error('arn:aws:iam::123456789012:role/x');
    return {
      accessKeyId: `AKID${state.calls}`,
      secretAccessKey: 'secret',
      expiration:
        lifetimeMs === undefined ? undefined : new Date(state.now + lifetimeMs),
    };
  };
  const cache = new CredentialCache({
    provider,
    clock: { now: () => state.now },
    logger: createLogger({ level: 'silent' }),
  });
  return { state, cache };
}
const settled = () => new Promise(setImmediate);

describe('CredentialCache', () => {
  it('asks once for all calls that wait', async () => {
    const { state, cache } = setUp(undefined);
    const both = await Promise.all([cache.current(), cache.current()]);
    expect(both.map(each => each.accessKeyId)).toEqual(['AKID1', 'AKID1']);
    state.now = 1000 * 24 * 60 * MINUTE;
    expect(cache.current()).toMatchObject({ accessKeyId: 'AKID1' });
    expect(state.calls).toBe(1);
  });

  it('fetches new ones ahead of expiry while calls go on with the old ones', async () => {
    const { state, cache } = setUp(60 * MINUTE);
    await cache.current();
    state.now = 56 * MINUTE;
    expect(cache.current()).toMatchObject({ accessKeyId: 'AKID1' });
    expect(cache.current()).toMatchObject({ accessKeyId: 'AKID1' });
    await settled();
    expect(cache.current()).toMatchObject({ accessKeyId: 'AKID2' });
    expect(state.calls).toBe(2);
  });

  it('keeps those that still last when no new ones can be had', async () => {
    const { state, cache } = setUp(60 * MINUTE);
    await cache.current();
    state.broken = true;
    state.now = 56 * MINUTE;
    for (let call = 0; call < 5; call++) {
      expect(cache.current()).toMatchObject({ accessKeyId: 'AKID1' });
      await settled();
    }
    // Not at every call.
    expect(state.calls).toBe(2);
    state.now += 11_000;
    expect(cache.current()).toMatchObject({ accessKeyId: 'AKID1' });
    await settled();
    expect(state.calls).toBe(3);
  });

  it('waits for new ones when the old ones are about to expire', async () => {
    const { state, cache } = setUp(60 * MINUTE);
    await cache.current();
    state.now = 60 * MINUTE - 10_000;
    const waiting = cache.current();
    expect(waiting).toBeInstanceOf(Promise);
    expect(await waiting).toMatchObject({ accessKeyId: 'AKID2' });
  });

  it('fetches new ones after AWS refused the old ones, once', async () => {
    const { state, cache } = setUp(undefined);
    const old = await cache.current();
    cache.discard(old);
    const fresh = await cache.current();
    cache.discard(old);
    expect(cache.current()).toBe(fresh);
    expect(state.calls).toBe(2);
  });

  it('says what callers can do when there are none, and tries again', async () => {
    const { state, cache } = setUp(undefined);
    state.broken = true;
    const error = await Promise.resolve(cache.current()).catch(e => e);
    expect(error).toMatchObject({
      name: 'DependencyError',
      code: 'aws_credentials_unavailable',
      retryable: true,
    });
    expect(error.message).not.toContain('arn:');
    state.broken = false;
    expect(await cache.current()).toMatchObject({ accessKeyId: 'AKID2' });
  });
});
