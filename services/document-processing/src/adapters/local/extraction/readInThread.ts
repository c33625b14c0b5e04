import type { Logger } from '@genai-environments/service-kit';
import { on } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ExtractedPage } from '../../../domain/artefacts/pages';
import { FileRejectedError } from '../../../domain/FileRejectedError';
import { NEXT_PAGE, ThreadMessage } from './protocol';
import type { DocumentFile } from './readDocument';
import { Rejection } from './Rejection';
import { damaged, tooLarge } from './rejections';

type ThreadOptions = {
  threadEntry: string;
  logger: Logger;
  signal: AbortSignal;
  deadlineMs?: number;
  heapMiB?: number;
};

/**
 * Runs the parser in a thread that is ended when it takes too much memory or time.
 *
 * @throws FileRejectedError when the file cannot be read
 */
export async function* readInThread(
  file: DocumentFile,
  options: ThreadOptions,
): AsyncGenerator<ExtractedPage> {
  const { signal, deadlineMs = 600_000 } = options;
  const tooLong = new AbortController();
  const timer = setTimeout(() => tooLong.abort(), deadlineMs);
  const thread = startThread(file, options);
  try {
    yield* pagesOf(thread, file, {
      ...options,
      signal: AbortSignal.any([signal, tooLong.signal]),
    });
  } catch (error) {
    signal.throwIfAborted();
    const { message, code, cause } = tooLong.signal.aborted
      ? tooLarge(`Reading the file took longer than ${deadlineMs / 1000} s.`)
      : explain(error, file, options.logger);
    throw new FileRejectedError(message, { code, cause });
  } finally {
    clearTimeout(timer);
    await thread.terminate();
  }
}

function startThread(file: DocumentFile, options: ThreadOptions): Worker {
  const { threadEntry, heapMiB = 192 } = options;
  return new Worker(threadEntry, {
    workerData: file,
    resourceLimits: {
      maxOldGenerationSizeMb: heapMiB,
      maxYoungGenerationSizeMb: 16,
    },
    // It has no business with what the process was given.
    env: {},
    execArgv: [],
  });
}

async function* pagesOf(
  thread: Worker,
  file: DocumentFile,
  { logger, signal }: ThreadOptions,
): AsyncGenerator<ExtractedPage> {
  const messages = on(thread, 'message', { signal, close: ['exit'] });
  for await (const [message] of messages as AsyncIterable<[ThreadMessage]>) {
    switch (message.type) {
      case 'page':
        yield message.page;
        thread.postMessage(NEXT_PAGE);
        break;
      case 'done':
        return;
      case 'rejected':
        if (message.cause) {
          logger.info(
            { format: file.format, code: message.code, cause: message.cause },
            'A file could not be read',
          );
        }
        throw new Rejection(message.message, { code: message.code });
      default:
        throw new Error(message.cause);
    }
  }
  throw new Error('The thread ended without a word');
}

function explain(
  error: unknown,
  { format }: DocumentFile,
  logger: Logger,
): Rejection {
  if (error instanceof Rejection) return error;
  if ((error as { code?: string }).code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return tooLarge('Reading the file takes more memory than there is for it.');
  }
  logger.warn({ err: error, format }, 'The parser of a file broke');
  return damaged(format, error);
}
