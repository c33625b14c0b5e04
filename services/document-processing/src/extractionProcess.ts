/**
 * Entry of the process in which a file is parsed: whatever a hostile file does to a parser
 * happens here, where memory and time are limited, no other file can be read and nobody waits.
 */
import { once } from 'node:events';
import fs from 'node:fs';
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
    for await (const page of readDocument(file)) {
      const asked = once(process, 'message');
      await say({ type: 'page', page });
      await asked;
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
