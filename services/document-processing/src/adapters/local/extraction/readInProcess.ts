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
  /** For the file, and again for each image in it. */
  deadlineMs?: number;
  heapMiB?: number;
  /** Resolves when an image may be read, with what ends that turn; default: at once. */
  takeImageTurn?: (signal: AbortSignal) => Promise<() => void>;
};

/** Of WebAssembly, in pages of 64 KiB: 384 MiB, for the pixels of images. */
const MAX_IMAGE_MEMORY_PAGES = 6144;

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
      onImage: () => timer.refresh(),
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
      `--wasm-max-mem-pages=${MAX_IMAGE_MEMORY_PAGES}`,
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
  options: ProcessOptions & { onImage(): void },
): AsyncGenerator<ExtractedPage> {
  const { signal, takeImageTurn, onImage } = options;
  let endTurn: (() => void) | undefined;
  const say = (message: ProcessInput) => child.send(message, ignoreLostReader);
  const messages = on(child, 'message', { signal, close: ['disconnect'] });
  say({ type: 'read', file });
  try {
    for await (const [message] of messages as AsyncIterable<[ProcessMessage]>) {
      endTurn?.();
      endTurn = undefined;
      if (message.type === 'done') return;
      if (message.type === 'page') {
        yield message.page;
        say({ type: 'next-page' });
      } else if (message.type === 'image') {
        endTurn = await takeImageTurn?.(signal);
        onImage();
        say({ type: 'read-image' });
      } else {
        throw failureOf(message, file, options.logger);
      }
    }
  } finally {
    endTurn?.();
  }
  await exitOf(child);
  throw new ProcessEnded(child.exitCode, child.signalCode);
}

function failureOf(
  message: Extract<ProcessMessage, { type: 'rejected' | 'broken' }>,
  { format }: DocumentFile,
  logger: Logger,
): Error {
  const { cause } = message;
  if (message.type === 'broken') return new Error(cause);
  const { code } = message;
  if (cause) logger.info({ format, code, cause }, 'A file could not be read');
  return new Rejection(message.message, { code });
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
