import type { ObjectStore } from '@genai-environments/service-kit';
import type { TextExtractor } from '../ports/TextExtractor';
import { openPages, storePages } from './artefacts/pages';
import { storeChunks } from './artefacts/chunks';
import { chunkPages } from './chunking/chunkPages';
import { FileRejectedError } from './FileRejectedError';
import { MAX_FILE_BYTES } from './Format';
import type { FileOutcome, Job, JobFile } from './Job';
import { uploadKey } from './objectKeys';

type Work = { job: Job; file: JobFile; signal: AbortSignal };

/** Longest warning that is kept. */
const MAX_WARNING = 500;

/** Reads the text of an uploaded file and stores it. */
export async function extractFile(
  { file, signal }: Work,
  options: { objects: ObjectStore; extractor: TextExtractor },
): Promise<FileOutcome> {
  const { objects, extractor } = options;
  const key = uploadKey(file);
  const upload = await objects.head(key);
  if (!upload) throw neverUploaded();
  if (upload.sizeBytes === 0) {
    throw new FileRejectedError('The file is empty.', { code: 'file_empty' });
  }
  // Not every object store can limit what is sent to a signed address.
  if (upload.sizeBytes > MAX_FILE_BYTES) throw tooLarge();
  const pages = extractor.extract(
    { key, fileName: file.fileName, format: file.format },
    { signal },
  );
  const { warnings, ...counts } = await storePages(pages, { objects, file });
  const warning = warnings.join(' ').slice(0, MAX_WARNING);
  return { status: 'completed', ...counts, ...(warning ? { warning } : {}) };
}

/** Cuts the text of an extracted file and stores the chunks. */
export async function chunkFile(
  { job, file, signal }: Work,
  { objects }: { objects: ObjectStore },
): Promise<FileOutcome> {
  const pages = await openPages(objects, {
    jobId: job.extractionJobId!,
    id: file.id,
  });
  if (!pages) {
    throw new FileRejectedError(
      'The text of this file was deleted with its extraction job.',
      { code: 'extraction_deleted' },
    );
  }
  const chunks = chunkPages(untilAborted(pages, signal), {
    format: file.format,
    settings: job.chunking!,
  });
  const chunkCount = await storeChunks(chunks, { objects, file });
  return { status: 'completed', chunkCount };
}

function tooLarge(): FileRejectedError {
  return new FileRejectedError(
    `A file may have at most ${MAX_FILE_BYTES} bytes. Split it.`,
    { code: 'file_too_large' },
  );
}

/** A file that was registered and then not sent. */
export function neverUploaded(): FileRejectedError {
  return new FileRejectedError(
    'The file was registered, but nothing was uploaded to its upload_url before the job was started.',
    { code: 'file_not_uploaded' },
  );
}

async function* untilAborted<T>(
  items: AsyncIterable<T>,
  signal: AbortSignal,
): AsyncGenerator<T> {
  for await (const item of items) {
    signal.throwIfAborted();
    yield item;
  }
}
