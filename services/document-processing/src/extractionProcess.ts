/**
 * Entry of the process in which a file is parsed: whatever a hostile file does to a parser
 * happens here, where memory and time are limited, no other file can be read and nobody waits.
 */
import { once } from 'node:events';
import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { Ocr } from './adapters/local/extraction/ocr/Ocr';
import type {
  ProcessInput,
  ProcessMessage,
} from './adapters/local/extraction/protocol';
import {
  DocumentFile,
  readDocument,
} from './adapters/local/extraction/readDocument';
import { Rejection } from './adapters/local/extraction/Rejection';

// The other one looks at every directory above, which this process must not. The reader of
// workbooks resolves the directory of its temporary files with it.
fs.realpath = fs.realpath.native as typeof fs.realpath;

async function read(file: DocumentFile): Promise<void> {
  try {
    const ocr = Ocr.open({
      // Beside this file.
      directory: join(dirname(process.argv[1]), 'ocr'),
      ask: () => sayAndWait({ type: 'image' }),
    });
    for await (const page of readDocument(file, { ocr })) {
      await sayAndWait({ type: 'page', page });
    }
    await say({ type: 'done' });
  } catch (error) {
    await say(failureOf(error));
  }
  process.disconnect();
}

function failureOf(error: unknown): ProcessMessage {
  if (!(error instanceof Rejection)) {
    return { type: 'broken', cause: text(error) };
  }
  const { message, code } = error;
  const cause = error.cause === undefined ? undefined : text(error.cause);
  return { type: 'rejected', message, code, cause };
}

async function sayAndWait(message: ProcessMessage): Promise<void> {
  const asked = once(process, 'message');
  await say(message);
  await asked;
}

/** Settles when the message is on its way: an exit before would lose it. */
function say(message: ProcessMessage): Promise<void> {
  return new Promise((sent, failed) => {
    process.send!(message, (error: Error | null) =>
      error ? failed(error) : sent(),
    );
  });
}

function text(error: unknown): string {
  return error instanceof Error ? error.stack ?? error.message : String(error);
}

// Without the process that asked, nobody wants the answer.
process.once('disconnect', () => process.exit());
process.once('message', (message: ProcessInput) => {
  if (message.type === 'read') read(message.file);
});
