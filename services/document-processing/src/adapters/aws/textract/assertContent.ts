import {
  DependencyError,
  type ObjectStore,
} from '@genai-environments/service-kit';
import { FileRejectedError } from '../../../domain/FileRejectedError';
import type { ExtractionSource } from '../../../ports/TextExtractor';
import type { Rejection } from '../../local/extraction/Rejection';
import { mislabelled } from '../../local/extraction/rejections';
import { nameContent } from '../../local/extraction/signatures';

/** Where readers of PDF look for its mark. */
const HEADER_BYTES = 1024;

/**
 * Looks whether an upload is what its name says: Textract only says that it cannot read it,
 * and takes money for a look.
 *
 * @throws FileRejectedError when it is something else
 */
export async function assertContent(
  objects: ObjectStore,
  { key, format }: ExtractionSource,
): Promise<void> {
  const header = await readHeader(objects, key);
  const found = nameContent(header);
  const isRight =
    format === 'pdf'
      ? header.includes('%PDF-')
      : found === `a ${format.toUpperCase()} image`;
  if (isRight) return;
  throw toFileRejected(mislabelled(format, found ?? 'something else'));
}

export function toFileRejected(rejection: Rejection): FileRejectedError {
  const { message, code } = rejection;
  return new FileRejectedError(message, { code });
}

async function readHeader(objects: ObjectStore, key: string): Promise<Buffer> {
  const stored = await objects.get(key);
  if (!stored) {
    throw new DependencyError('The uploaded file is gone.', {
      kind: 'failed',
      retryable: false,
    });
  }
  const parts: Buffer[] = [];
  let size = 0;
  // Leaving the loop destroys the stream: the rest is not downloaded.
  for await (const part of stored.body) {
    parts.push(part);
    size += part.length;
    if (size >= HEADER_BYTES) break;
  }
  return Buffer.concat(parts).subarray(0, HEADER_BYTES);
}
