import { createHash } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the ports that systems hand out for outgoing connections, so that an
 * environment finds its port free when it comes back after a restart.
 */
const FIRST_PORT = 20_000;
const PORT_COUNT = 12_000;
const ATTEMPTS = 200;

/** Every port that was tried is taken. */
export class NoFreePortError extends Error {
  override readonly name = 'NoFreePortError';
  readonly code = 'NO_FREE_PORT';
}

/**
 * A port of the loopback interface that nobody uses now and that is not in `taken`.
 * Starts at a place that depends on `seed`, so that environments made at the same time
 * do not choose the same.
 *
 * @throws NoFreePortError
 */
export async function findFreePort(options: {
  seed: string;
  taken: ReadonlySet<number>;
}): Promise<number> {
  const { seed, taken } = options;
  const start = createHash('sha256').update(seed).digest().readUInt32BE();
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = FIRST_PORT + ((start + attempt) % PORT_COUNT);
    if (!taken.has(port) && (await isPortFree(port))) return port;
  }
  throw new NoFreePortError(
    `None of ${ATTEMPTS} ports between ${FIRST_PORT} and ${
      FIRST_PORT + PORT_COUNT
    } is free. Tear down environments that are not needed.`,
  );
}

/** Whether this port of 127.0.0.1 could be listened on. */
export async function isPortFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise(resolve => {
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () =>
      server.close(() => resolve(true)),
    );
  });
}
