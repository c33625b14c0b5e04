import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CompletedPart,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { Readable } from 'node:stream';

/** Where an object goes, and as what. */
type Target = { Bucket: string; Key: string; ContentType: string };

/** S3 wants 5 MiB and takes 10,000 parts: objects up to 78 GiB. */
const PART_BYTES = 8 * 1024 * 1024;

/**
 * Uploads a stream of unknown length with one part of it in memory. Nothing is there
 * before its end, and nothing when it breaks.
 *
 * @returns the number of bytes
 */
export async function uploadStream(
  client: S3Client,
  target: Target,
  body: Readable,
): Promise<number> {
  const parts = inParts(body);
  const first = await parts.next();
  const head = first.done ? Buffer.alloc(0) : first.value;
  if (head.length < PART_BYTES) {
    await client.send(new PutObjectCommand({ ...target, Body: head }));
    return head.length;
  }
  return uploadParts(client, target, { head, rest: parts });
}

async function uploadParts(
  client: S3Client,
  target: Target,
  parts: { head: Buffer; rest: AsyncIterable<Buffer> },
): Promise<number> {
  const { Bucket, Key } = target;
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand(target),
  );
  const done: CompletedPart[] = [];
  let size = 0;
  const upload = async (Body: Buffer) => {
    const PartNumber = done.length + 1;
    const { ETag } = await client.send(
      new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }),
    );
    done.push({ ETag, PartNumber });
    size += Body.length;
  };
  try {
    await upload(parts.head);
    for await (const part of parts.rest) await upload(part);
    await client.send(
      new CompleteMultipartUploadCommand({
        Bucket,
        Key,
        UploadId,
        MultipartUpload: { Parts: done },
      }),
    );
    return size;
  } catch (error) {
    // Parts that are left cost money; the bucket's lifecycle rule is the second line.
    await client
      .send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }))
      .catch(() => {});
    throw error;
  }
}

/** All parts but the last one have the full size. */
async function* inParts(body: Readable): AsyncGenerator<Buffer> {
  let chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    let rest = Buffer.from(chunk as Uint8Array);
    while (size + rest.length >= PART_BYTES) {
      const missing = PART_BYTES - size;
      yield Buffer.concat([...chunks, rest.subarray(0, missing)]);
      rest = rest.subarray(missing);
      chunks = [];
      size = 0;
    }
    if (rest.length > 0) chunks.push(rest);
    size += rest.length;
  }
  if (size > 0) yield Buffer.concat(chunks);
}
