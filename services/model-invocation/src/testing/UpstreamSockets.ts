import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

const CONNECTED = 'undici:client:connected';

/** The sockets that undici opens, as its diagnostics tell them. */
export class UpstreamSockets {
  private readonly sockets: Socket[] = [];
  private readonly note = (message: unknown) => {
    this.sockets.push((message as { socket: Socket }).socket);
  };

  constructor() {
    subscribe(CONNECTED, this.note);
  }

  /** The only one that is open to a server on this machine. */
  open(baseUrl: string): Socket {
    const port = Number(new URL(baseUrl).port);
    const found = this.sockets.filter(
      socket => socket.remotePort === port && !socket.destroyed,
    );
    if (found.length !== 1) throw new Error(`${found.length} are open`);
    return found[0];
  }

  stop(): void {
    unsubscribe(CONNECTED, this.note);
  }
}
