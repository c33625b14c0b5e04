import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { TokenVerifier } from '../..';
import { createCognitoTokenVerifier } from './CognitoTokenVerifier';

const POOL = 'us-east-1_Test12345';
const ISSUER = `https://cognito-idp.us-east-1.amazonaws.com/${POOL}`;

describe('createCognitoTokenVerifier', () => {
  let keySet: string;
  let verifier: TokenVerifier;
  let sign: (claims?: object, header?: { kid: string }) => Promise<string>;
  let now: number;

  beforeAll(async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256');
    const kid = 'key-1';
    const jwk = { ...(await exportJWK(publicKey)), kid, alg: 'RS256' };
    now = Date.now();
    keySet = JSON.stringify({ keys: [jwk] });
    verifier = createCognitoTokenVerifier({
      userPoolId: POOL,
      keys: { keys: [{ ...jwk, kty: 'RSA', use: 'sig' }] } as never,
      clock: { now: () => now },
    });
    const seconds = Math.floor(now / 1000);
    sign = (claims = {}, header = { kid }) =>
      new SignJWT({
        iss: ISSUER,
        client_id: 'app-1',
        token_use: 'access',
        scope: 'genai/model.invoke genaifoundations/read',
        iat: seconds,
        exp: seconds + 3600,
        ...claims,
      })
        .setProtectedHeader({ alg: 'RS256', ...header })
        .sign(privateKey);
  });

  it('reads application and scopes, and remembers the token until it expires', async () => {
    const token = await sign();
    const verified = await verifier.verify(token);
    expect(verified.clientId).toBe('app-1');
    expect([...verified.scopes]).toEqual([
      'genai/model.invoke',
      'genaifoundations/read',
    ]);
    expect(verifier.verify(token)).toBe(verified);
    now += 3601_000;
    expect(() => verifier.verify(token)).toThrow('has expired');
  });

  it.each([
    ['of another pool', { iss: `${ISSUER}x` }, 'invalid_token'],
    ['for another use', { token_use: 'id' }, 'invalid_token'],
    ['that has expired', { exp: 1_000_000_000 }, 'token_expired'],
    ['without an application', { client_id: undefined }, 'invalid_token'],
  ])('refuses a token %s', async (_what, claims, code) => {
    await expect(verifier.verify(await sign(claims))).rejects.toMatchObject({
      name: 'UnauthenticatedError',
      code,
    });
  });

  it('refuses what is no token, or was changed', async () => {
    const [header, , signature] = (await sign()).split('.');
    const payload = Buffer.from('{"token_use":"access"}').toString('base64url');
    for (const token of [
      'x',
      'a.b.c',
      `${header}.${payload}.${signature}`,
      'x'.repeat(9000),
    ]) {
      await expect(verifier.verify(token)).rejects.toMatchObject({
        name: 'UnauthenticatedError',
      });
    }
  });

  it('takes the key set from where it is told', async () => {
    const server = createServer((_request, response) => response.end(keySet));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const elsewhere = createCognitoTokenVerifier({
      userPoolId: POOL,
      jwksUri: `http://127.0.0.1:${port}/jwks.json`,
    });
    expect(await elsewhere.verify(await sign())).toMatchObject({
      clientId: 'app-1',
    });
    await expect(
      elsewhere.verify(await sign({ iss: `${ISSUER}x` })),
    ).rejects.toMatchObject({ code: 'invalid_token' });
    server.closeAllConnections();
    server.close();
  });
});
