import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { DependencyError, UnauthenticatedError } from '../errors';
import { createTokenVerifier } from './TokenVerifier';

const issuer = 'http://127.0.0.1:4000';
const good = { client_id: 'app-1', token_use: 'access', scope: 'a b' };

describe('createTokenVerifier', () => {
  let now: number;
  let keys: CryptoKeyPair;
  const lookUp = jest.fn();

  beforeAll(async () => {
    keys = (await generateKeyPair('RS256')) as CryptoKeyPair;
  });
  beforeEach(() => {
    now = Date.parse('2026-01-01T00:00:00Z');
    lookUp.mockReset().mockImplementation(async () => keys.publicKey);
  });

  const verifier = (audience?: string) =>
    createTokenVerifier({
      issuer,
      audience,
      keys: lookUp,
      clock: { now: () => now },
    });

  function sign(
    claims: object = good,
    options: { issuer?: string; key?: CryptoKey; ttl?: number } = {},
  ): Promise<string> {
    return new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'RS256' })
      .setIssuer(options.issuer ?? issuer)
      .setExpirationTime(now / 1000 + (options.ttl ?? 60))
      .sign(options.key ?? keys.privateKey);
  }
  const refusal = (code: string) => expect.objectContaining({ code });

  it('reads application and scopes', async () => {
    expect(await verifier().verify(await sign())).toEqual({
      clientId: 'app-1',
      scopes: new Set(['a', 'b']),
      expiresAtMs: now + 60_000,
    });
  });

  it('answers a known token at once, until it expires', async () => {
    const verify = verifier();
    const token = await sign();
    await verify.verify(token);
    expect(verify.verify(token)).not.toBeInstanceOf(Promise);
    expect(lookUp).toHaveBeenCalledTimes(1);
    now += 60_000;
    expect(() => verify.verify(token)).toThrow(UnauthenticatedError);
  });

  it('refuses an expired token', async () => {
    const token = await sign(good, { ttl: -1 });
    await expect(verifier().verify(token)).rejects.toEqual(
      refusal('token_expired'),
    );
  });

  it('refuses the token of another environment', async () => {
    const token = await sign(good, { issuer: 'http://127.0.0.1:4001' });
    await expect(verifier().verify(token)).rejects.toEqual(
      refusal('invalid_token'),
    );
  });

  it('refuses a token signed by somebody else', async () => {
    const other = (await generateKeyPair('RS256')) as CryptoKeyPair;
    const token = await sign(good, { key: other.privateKey });
    await expect(verifier().verify(token)).rejects.toEqual(
      refusal('invalid_token'),
    );
  });

  it('refuses a token without signature', async () => {
    const token = new UnsecuredJWT(good)
      .setIssuer(issuer)
      .setExpirationTime(now / 1000 + 60)
      .encode();
    await expect(verifier().verify(token)).rejects.toEqual(
      refusal('invalid_token'),
    );
  });

  it('refuses a token signed with the public key as if it were a shared secret', async () => {
    const jwk = await exportJWK(keys.publicKey);
    const token = await new SignJWT(good)
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(issuer)
      .setExpirationTime(now / 1000 + 60)
      .sign(Buffer.from(jwk.n!, 'base64url'));
    await expect(verifier().verify(token)).rejects.toEqual(
      refusal('invalid_token'),
    );
  });

  it.each([
    ['an id token', { ...good, token_use: 'id' }],
    ['a token without use', { client_id: 'app-1' }],
    ['a token without application', { token_use: 'access' }],
    ['a token with an empty application', { ...good, client_id: '' }],
  ])('refuses %s', async (_what, claims) => {
    await expect(verifier().verify(await sign(claims))).rejects.toEqual(
      refusal('invalid_token'),
    );
  });

  it('refuses a token without expiry', async () => {
    const token = await new SignJWT(good)
      .setProtectedHeader({ alg: 'RS256' })
      .setIssuer(issuer)
      .sign(keys.privateKey);
    await expect(verifier().verify(token)).rejects.toEqual(
      refusal('invalid_token'),
    );
  });

  it('looks at the audience when it was told one', async () => {
    const token = await sign({ ...good, aud: 'elsewhere' });
    expect(await verifier().verify(token)).toMatchObject({ clientId: 'app-1' });
    await expect(verifier('here').verify(token)).rejects.toEqual(
      refusal('invalid_token'),
    );
  });

  it('refuses a very long token without looking for its key', async () => {
    await expect(verifier().verify('x'.repeat(9000))).rejects.toEqual(
      refusal('invalid_token'),
    );
    expect(lookUp).not.toHaveBeenCalled();
  });

  it('reads keys from a key set, and blames the issuer when that is gone', async () => {
    const jwk = {
      ...(await exportJWK(keys.publicKey)),
      kid: 'k',
      alg: 'RS256',
    };
    const server = createServer((_request, response) =>
      response.end(JSON.stringify({ keys: [jwk] })),
    );
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const remote = () =>
      createTokenVerifier({
        issuer,
        keys: { jwksUri: `http://127.0.0.1:${port}/jwks.json` },
        clock: { now: () => now },
      });
    const token = await sign();
    expect(await remote().verify(token)).toMatchObject({ clientId: 'app-1' });

    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
    await expect(remote().verify(token)).rejects.toBeInstanceOf(
      DependencyError,
    );
  });
});
