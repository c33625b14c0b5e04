import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Listener = (
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<void>;

/** A server that listens. */
export type RunningServer = {
  port: number;
  /**
   * Stops taking requests, lets those under way finish for `graceMs`, then calls
   * `giveUp` and closes what is left. Resolves when nothing is open any more.
   */
  close(options: { graceMs: number; giveUp: () => void }): Promise<void>;
};

/** Time an abandoned request gets to send its last words before its socket is closed. */
const LAST_WORDS_MS = 200;

/** @throws the system's error when `port` is taken or `host` is not an own address */
export async function startServer(options: {
  host: string;
  port: number;
  listener: Listener;
}): Promise<RunningServer> {
  const { host, port, listener } = options;
  const server = createServer(
    { requestTimeout: 60_000, headersTimeout: 10_000 },
    (request, response) => void listener(request, response),
  );
  server.listen(port, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: closing => close(server, closing),
  };
}

async function close(
  server: Server,
  { graceMs, giveUp }: { graceMs: number; giveUp: () => void },
): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  const timers = [
    setTimeout(giveUp, graceMs),
    setTimeout(() => server.closeAllConnections(), graceMs + LAST_WORDS_MS),
  ];
  await closed;
  timers.forEach(clearTimeout);
}
