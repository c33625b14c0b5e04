import { createHmac, timingSafeEqual } from 'node:crypto';
import { ForbiddenError } from '../../errors';
import type { Clock } from '../../time';

/** What a signed address lets its bearer do. */
export type ObjectGrant =
  | { method: 'PUT'; key: string; contentType: string; maxSizeBytes: number }
  | { method: 'GET'; key: string; fileName?: string };

/** Below which path signed addresses are. */
export const OBJECT_PATH = '/objects/';

/**
 * Signs addresses of objects with HMAC-SHA256 over everything they grant: method, key,
 * media type, size or file name, and the second at which they expire.
 */
export class ObjectUrlSigner {
  constructor(
    private readonly options: {
      baseUrl: () => string;
      /** At least 32 bytes. */
      signingKey: Uint8Array;
      clock: Clock;
    },
  ) {
    if (options.signingKey.byteLength < 32) {
      throw new RangeError('A key that signs addresses has 32 bytes or more.');
    }
  }

  sign(grant: ObjectGrant, expiresAfterSeconds: number): string {
    const expires =
      Math.floor(this.options.clock.now() / 1000) + expiresAfterSeconds;
    const query = new URLSearchParams({ expires: String(expires) });
    if (grant.method === 'PUT') {
      query.set('type', grant.contentType);
      query.set('max', String(grant.maxSizeBytes));
    } else if (grant.fileName !== undefined) {
      query.set('name', grant.fileName);
    }
    query.set('signature', this.digest(grant.method, grant.key, query));
    return `${this.options.baseUrl()}${OBJECT_PATH}${grant.key}?${query}`;
  }

  /**
   * @param query - with `signature`, as it came
   * @throws ForbiddenError when this store signed no such address, or it has expired
   */
  verify(request: {
    method: string;
    key: string;
    query: URLSearchParams;
  }): ObjectGrant {
    const { method, key } = request;
    const query = new URLSearchParams(request.query);
    const signature = Buffer.from(query.get('signature') ?? '');
    query.delete('signature');
    const expected = Buffer.from(this.digest(method, key, query));
    if (
      signature.length !== expected.length ||
      !timingSafeEqual(signature, expected)
    ) {
      throw new ForbiddenError(
        'The signature of this address does not fit it. Use the address exactly as it was given, with the method it is for.',
        { code: 'invalid_signature' },
      );
    }
    if (Number(query.get('expires')) * 1000 <= this.options.clock.now()) {
      throw new ForbiddenError(
        'This address has expired. Ask for a new one where you got it.',
        { code: 'signature_expired' },
      );
    }
    return method === 'PUT'
      ? {
          method,
          key,
          contentType: query.get('type')!,
          maxSizeBytes: Number(query.get('max')),
        }
      : { method: 'GET', key, fileName: query.get('name') ?? undefined };
  }

  private digest(method: string, key: string, query: URLSearchParams): string {
    // JSON, so that no value can pass for the beginning of the next.
    const text = JSON.stringify([method, key, [...query]]);
    return createHmac('sha256', this.options.signingKey)
      .update(text)
      .digest('base64url');
  }
}
