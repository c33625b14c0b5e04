import { InvalidInputError } from '../errors';

const MAX_KEY_BYTES = 900;
const SEGMENT = /^[A-Za-z0-9!_.*'()-]+$/;
const CONTENT_TYPE = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+( *;[\x20-\x7e]*)?$/;

/** @throws InvalidInputError when it is not a key as {@link ObjectStore} describes them */
export function assertObjectKey(key: string): void {
  const segments = key.split('/');
  const wellFormed = segments.every(
    segment => SEGMENT.test(segment) && segment !== '.' && segment !== '..',
  );
  if (wellFormed && key.length <= MAX_KEY_BYTES) return;
  throw new InvalidInputError(
    `An object key is a path of letters, digits and !_.*'()- of at most ${MAX_KEY_BYTES} bytes; ` +
      `${JSON.stringify(key.slice(0, 100))} is none.`,
    { code: 'invalid_object_key' },
  );
}

/** @throws InvalidInputError when it is not a key followed by `/` */
export function assertObjectPrefix(prefix: string): void {
  if (!prefix.endsWith('/')) {
    throw new InvalidInputError(
      `A prefix of object keys ends with "/"; ${JSON.stringify(
        prefix.slice(0, 100),
      )} does not.`,
      { code: 'invalid_object_key' },
    );
  }
  assertObjectKey(prefix.slice(0, -1));
}

/** @throws InvalidInputError when it cannot stand in a `Content-Type` header */
export function assertContentType(contentType: string): void {
  if (contentType.length <= 200 && CONTENT_TYPE.test(contentType)) return;
  throw new InvalidInputError(
    `${JSON.stringify(contentType.slice(0, 100))} is not a media type.`,
    { code: 'invalid_content_type' },
  );
}
