import type { Socket } from 'node:net';
import type { ServiceApp } from '@genai-environments/service-kit';

/** How soon a connection is ended once its last answer is out, in milliseconds. */
const INTERVAL_MS = 50;

/**
 * While the app closes, ends connections that carry no request. Node does so only at
 * the first moment, and takes two kinds for busy that are not:
 *
 * - those on which nothing was ever sent: browsers and HTTP clients open spare ones
 * - those that are kept alive after a request that was still in flight at that moment
 *
 * Each would hold up a shutdown for the whole time that is meant for requests.
 */
export function closeUnusedConnections(app: ServiceApp): void {
  const connections = new Set<Socket>();
  app.server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  app.addHook('preClose', async () => {
    const closeUnused = () => {
      app.server.closeIdleConnections();
      for (const socket of connections) {
        if (socket.bytesRead === 0) socket.destroy();
      }
    };
    closeUnused();
    const timer = setInterval(closeUnused, INTERVAL_MS);
    app.server.once('close', () => clearInterval(timer));
  });
}
