import type { IncomingMessage } from 'node:http';
import { HttpError } from './errors.ts';

/**
 * Reads a JSON body of at most `limitBytes`.
 *
 * Insists on the JSON content type: browsers let other sites post forms here without
 * asking, but not JSON.
 *
 * @throws HttpError 415, 413 or 400
 */
export async function readJsonBody(
  request: IncomingMessage,
  limitBytes: number,
): Promise<unknown> {
  const mediaType = request.headers['content-type']?.split(';')[0]?.trim();
  if (mediaType?.toLowerCase() !== 'application/json') {
    throw new HttpError(
      415,
      'Send the request as JSON, with the header Content-Type: application/json.',
    );
  }
  const tooLarge = new HttpError(
    413,
    `The request is too large: it may have at most ${Math.floor(
      limitBytes / 1024,
    )} KiB. Send less text.`,
    { headers: { Connection: 'close' } },
  );
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) {
    throw tooLarge;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > limitBytes) throw tooLarge;
    chunks.push(chunk as Buffer);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new HttpError(400, 'The request’s body is not valid JSON.');
  }
}
