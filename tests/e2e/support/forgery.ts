import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  sign,
} from 'node:crypto';

type Claims = Record<string, unknown>;
/** A signing key on the curve P-256, with its private part. */
export type Jwk = { kid: string; x: string; y: string; d: string };

const base64url = (value: unknown) =>
  Buffer.from(JSON.stringify(value)).toString('base64url');

/** What a token says, unchecked. */
export function claimsOf(token: string): Claims {
  return JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
}

/** An access token as the owner of the key would sign it. */
export function signed(jwk: Jwk, claims: Claims): string {
  const header = { alg: 'ES256', typ: 'at+jwt', kid: jwk.kid };
  const content = `${base64url(header)}.${base64url(claims)}`;
  const key = createPrivateKey({ key: jwk as never, format: 'jwk' });
  const signature = sign('sha256', Buffer.from(content), {
    key,
    dsaEncoding: 'ieee-p1363',
  });
  return `${content}.${signature.toString('base64url')}`;
}

/** A token that nobody signed. */
export function unsigned(claims: Claims): string {
  return `${base64url({ alg: 'none', typ: 'at+jwt' })}.${base64url(claims)}.`;
}

/** The public key taken for a shared secret, in each form a verifier may hold it. */
export function hmacTokens(jwk: Jwk, claims: Claims): string[] {
  const key = createPublicKey({ key: jwk as never, format: 'jwk' });
  const { kid, x, y } = jwk;
  return [
    key.export({ format: 'pem', type: 'spki' }),
    key.export({ format: 'der', type: 'spki' }),
    JSON.stringify({ kty: 'EC', crv: 'P-256', x, y, kid }),
    Buffer.from(x, 'base64url'),
  ].map(secret => {
    const header = { alg: 'HS256', typ: 'at+jwt', kid };
    const content = `${base64url(header)}.${base64url(claims)}`;
    const mac = createHmac('sha256', secret).update(content);
    return `${content}.${mac.digest('base64url')}`;
  });
}
