import { InvalidInputError } from '../errors';

/** AWS takes 256 KiB with everything that surrounds the body. */
const MAX_BODY_BYTES = 200 * 1024;

/**
 * The text of a message's body.
 *
 * @throws InvalidInputError when it is longer than a queue takes
 */
export function toQueueText(body: unknown): string {
  const text = JSON.stringify(body).replace(
    // Valid in JSON, but not in what AWS transports.
    /[\ufffe\uffff]/g,
    character => `\\u${character.charCodeAt(0).toString(16)}`,
  );
  if (Buffer.byteLength(text) <= MAX_BODY_BYTES) return text;
  throw new InvalidInputError(
    `A message may have at most ${MAX_BODY_BYTES} bytes. Send an id in place of the data.`,
    { code: 'message_too_large' },
  );
}
