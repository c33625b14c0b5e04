/**
 * Entry of the thread in which files are parsed: whatever a hostile file does to a parser
 * happens here, where memory and time are limited and nobody waits.
 */
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import type {
  ThreadInput,
  ThreadMessage,
} from './adapters/local/extraction/protocol';
import { readDocument } from './adapters/local/extraction/readDocument';
import { Rejection } from './adapters/local/extraction/Rejection';

async function main(): Promise<void> {
  const say = (message: ThreadMessage) => parentPort!.postMessage(message);
  try {
    for await (const page of readDocument(workerData as ThreadInput)) {
      const asked = once(parentPort!, 'message');
      say({ type: 'page', page });
      await asked;
    }
    say({ type: 'done' });
  } catch (error) {
    if (error instanceof Rejection) {
      const { message, code } = error;
      const cause = error.cause === undefined ? undefined : text(error.cause);
      say({ type: 'rejected', message, code, cause });
    } else {
      say({ type: 'broken', cause: text(error) });
    }
  }
  parentPort!.close();
}

function text(error: unknown): string {
  return error instanceof Error ? error.stack ?? error.message : String(error);
}

main();
