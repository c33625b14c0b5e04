import { createHash } from 'node:crypto';

/** The same chunk has the same id, however often it is embedded: 32 characters. */
export function chunkIdOf(chunk: {
  indexId: string;
  chunkingJobId: string;
  fileName: string;
  position: number;
}): string {
  const { indexId, chunkingJobId, fileName, position } = chunk;
  return createHash('sha256')
    .update(JSON.stringify([indexId, chunkingJobId, fileName, position]))
    .digest('base64url')
    .slice(0, 32);
}
