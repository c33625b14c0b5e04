import type { FastifyReply } from 'fastify';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { IngestProgress } from '../../domain/Ingest';
import { toIngestAnswer } from './schemas';

/** How often it is looked whether something changed. */
const INTERVAL_MS = 500;

/** Keeps proxies from closing a connection on which nothing happens. */
const HEARTBEAT_MS = 15_000;

/**
 * Sends where an ingest is, now and at each change, until it ends, the reader hangs up or
 * the app closes.
 */
export async function streamProgress(
  reply: FastifyReply,
  options: { read: () => Promise<IngestProgress>; closing: AbortSignal },
): Promise<void> {
  const { read, closing } = options;
  const { raw } = reply;
  reply.hijack();
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'x-accel-buffering': 'no',
  });
  const gone = new AbortController();
  raw.once('close', () => gone.abort());
  const signal = AbortSignal.any([gone.signal, closing]);

  let sent = '';
  let quietMs = 0;
  try {
    while (!signal.aborted) {
      const progress = await read();
      const data = JSON.stringify(toIngestAnswer(progress));
      if (data !== sent) {
        sent = data;
        quietMs = 0;
        await write(raw, `event: progress\ndata: ${data}\n\n`, signal);
      } else if (quietMs >= HEARTBEAT_MS) {
        quietMs = 0;
        await write(raw, ': waiting\n\n', signal);
      }
      if (progress.status !== 'started') break;
      quietMs += INTERVAL_MS;
      await wait(INTERVAL_MS, undefined, { signal });
    }
  } catch {
    // Deleted meanwhile, hung up or closing: in each case there is nothing more to tell.
  }
  raw.end();
}

async function write(
  raw: FastifyReply['raw'],
  text: string,
  signal: AbortSignal,
): Promise<void> {
  if (!raw.write(text)) await once(raw, 'drain', { signal });
}
