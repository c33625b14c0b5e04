import type { Logger } from '@genai-environments/service-kit';
import { ChildProcess, fork } from 'node:child_process';
import { on, once } from 'node:events';
import { dirname } from 'node:path';
import type { ExtractedPage } from '../../../domain/artefacts/pages';
import { FileRejectedError } from '../../../domain/FileRejectedError';
import type { ProcessInput, ProcessMessage } from './protocol';
import type { DocumentFile } from './readDocument';
import { Rejection } from './Rejection';
import { damaged, tooLarge } from './rejections';

type ProcessOptions = {
  entry: string;
  logger: Logger;
  signal: AbortSignal;
  deadlineMs?: number;
  heapMiB?: number;
};

class ProcessEnded extends Error {
  /** V8 aborts when its heap is full; the kernel kills when the machine's memory is. */
  readonly isOutOfMemory: boolean;

  constructor(code: number | null, signal: NodeJS.Signals | null) {
    super(`The process of the parser ended with ${signal ?? code}`);
    this.isOutOfMemory =
      signal === 'SIGABRT' || signal === 'SIGKILL' || code === 134;
  }
}

/**
 * Runs the parser in a process that is ended when it takes too much memory or time. The
 * directory of the file should hold nothing else: the parser may write there.
 *
 * A thread would not do: a heap that is full before V8 can ask for more ends the whole process.
 *
 * @throws FileRejectedError when the file cannot be read
 */
export async function* readInProcess(
  file: DocumentFile,
  options: ProcessOptions,
): AsyncGenerator<ExtractedPage> {
  const { signal, deadlineMs = 600_000 } = options;
  signal.throwIfAborted();
  const tooLong = new AbortController();
  const timer = setTimeout(() => tooLong.abort(), deadlineMs);
  const child = startProcess(file, options);
  try {
    yield* pagesOf(child, file, {
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
    await end(child);
  }
}

function startProcess(
  file: DocumentFile,
  { entry, heapMiB = 192 }: ProcessOptions,
): ChildProcess {
  const directory = dirname(file.path);
  return fork(entry, {
    execArgv: [
      `--max-old-space-size=${heapMiB}`,
      '--max-semi-space-size=16',
      // It sees the file, its own code and nothing else, and starts nothing.
      '--permission',
      `--allow-fs-read=${dirname(entry)}`,
      `--allow-fs-read=${directory}`,
      `--allow-fs-write=${directory}`,
    ],
    // Of its parent's variables it gets none. The sheets of a workbook may have to wait in
    // files for the strings they refer to.
    env: { TMPDIR: directory, TEMP: directory },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
}

async function* pagesOf(
  child: ChildProcess,
  file: DocumentFile,
  { logger, signal }: ProcessOptions,
): AsyncGenerator<ExtractedPage> {
  const say = (message: ProcessInput) => child.send(message, ignoreLostReader);
  const messages = on(child, 'message', { signal, close: ['disconnect'] });
  say({ type: 'read', file });
  for await (const [message] of messages as AsyncIterable<[ProcessMessage]>) {
    switch (message.type) {
      case 'page':
        yield message.page;
        say({ type: 'next-page' });
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
  await exitOf(child);
  throw new ProcessEnded(child.exitCode, child.signalCode);
}

/** What cannot be said to a process that ended is told by its end. */
function ignoreLostReader(): void {}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  child.kill('SIGKILL');
  await exitOf(child);
}

async function exitOf(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    await once(child, 'exit');
  }
}

function explain(
  error: unknown,
  { format }: DocumentFile,
  logger: Logger,
): Rejection {
  if (error instanceof Rejection) return error;
  if (error instanceof ProcessEnded && error.isOutOfMemory) {
    return tooLarge('Reading the file takes more memory than there is for it.');
  }
  logger.warn({ err: error, format }, 'The parser of a file broke');
  return damaged(format, error);
}
