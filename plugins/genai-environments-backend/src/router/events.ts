import type { EnvironmentEvent } from '@genai-environments/backstage-plugin-genai-environments-common';
import type { Request, Response, Router } from 'express';
import { once } from 'node:events';
import { z } from 'zod';
import { parseInput } from '../service/parse';
import type { RouteContext } from './context';

/** Shorter than the idle timeouts of common proxies. */
const HEARTBEAT_INTERVAL_MS = 15_000;

const positionSchema = z.object({
  after: z.coerce.number().int().min(0).default(0),
});

/** Timelines, as a page or as a stream of server-sent events. */
export function addEventRoutes(
  router: Router,
  { service, callerOf }: RouteContext,
): void {
  router.get('/environments/:name/events', async (request, response) => {
    const caller = await callerOf(request);
    const { name } = request.params;
    const after = positionOf(request);
    if (
      request.accepts(['json', 'text/event-stream']) !== 'text/event-stream'
    ) {
      response.json(await service.timeline.list(caller, name, after));
      return;
    }
    const hangUp = new AbortController();
    response.on('close', () => hangUp.abort());
    const { signal } = hangUp;
    const events = await service.timeline.follow(caller, name, after, signal);
    await streamEvents(response, events, { signal });
  });
}

/** `Last-Event-ID` is where a reconnecting client was, later than the address says. */
function positionOf(request: Request): number {
  const after = request.get('last-event-id') ?? request.query.after;
  return parseInput(positionSchema, { after }).after;
}

/** Sends events until they end or the client hangs up, with comments in between. */
export async function streamEvents(
  response: Response,
  events: AsyncIterable<EnvironmentEvent>,
  options: { signal: AbortSignal; heartbeatIntervalMs?: number },
): Promise<void> {
  const { signal, heartbeatIntervalMs = HEARTBEAT_INTERVAL_MS } = options;
  response.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    // no-transform keeps compression, which would hold events back, out of the way.
    'Cache-Control': 'no-cache, no-transform',
    'X-Accel-Buffering': 'no',
  });
  response.flushHeaders();
  const heartbeat = setInterval(
    () => response.write(': still here\n\n'),
    heartbeatIntervalMs,
  );
  try {
    for await (const event of events) {
      const isFlushed = response.write(
        `id: ${event.sequence}\ndata: ${JSON.stringify(event)}\n\n`,
      );
      if (!isFlushed) await once(response, 'drain', { signal });
    }
  } catch (error) {
    // The status is sent already: ending is all that can be said, and clients resume.
    if (!signal.aborted) response.destroy(error as Error);
  } finally {
    clearInterval(heartbeat);
    response.end();
  }
}
