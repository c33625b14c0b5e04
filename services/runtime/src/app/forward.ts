import {
  Agent,
  IncomingMessage,
  request as sendRequest,
  ServerResponse,
} from 'node:http';
import { pipeline } from 'node:stream';
import { endToEndHeaders } from './headers';

/* No kept connections: on loopback a new one costs next to nothing, and a request can
   never meet a connection that the app is just closing. */
const agent = new Agent({ keepAlive: false });

const FORWARDED = [
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-prefix',
];

/**
 * Passes a request on to the app and its answer back, both as streams. When the caller
 * hangs up, the app's side is aborted.
 *
 * @param options.onUnreachable - called when the app cannot be reached and nothing was answered yet
 */
export function forward(
  request: IncomingMessage,
  response: ServerResponse,
  options: {
    port: number;
    publicUrl: string;
    onUnreachable: () => void;
  },
): void {
  const { port, publicUrl, onUnreachable } = options;
  const { protocol, host } = new URL(publicUrl);

  const headers = [
    ...endToEndHeaders(request.rawHeaders, { drop: FORWARDED }),
    ...['X-Forwarded-For', request.socket.remoteAddress ?? ''],
    ...['X-Forwarded-Proto', protocol.slice(0, -1)],
    ...['X-Forwarded-Host', host],
    ...['X-Forwarded-Prefix', '/app'],
  ];
  // A body without length arrives chunked; the new connection needs the header, too.
  if (request.headers['transfer-encoding'] !== undefined) {
    headers.push('Transfer-Encoding', 'chunked');
  }
  const outgoing = sendRequest({
    host: '127.0.0.1',
    port,
    method: request.method,
    path: request.url,
    headers,
    agent,
    setHost: false,
  });
  outgoing.on('response', answer => {
    response.writeHead(
      answer.statusCode ?? 502,
      answer.statusMessage,
      endToEndHeaders(answer.rawHeaders),
    );
    // Server-sent events: the page shall see the answer begin before it ends.
    response.flushHeaders();
    pipeline(answer, response, () => {});
  });
  outgoing.on('error', () => {
    if (response.headersSent || response.destroyed) response.destroy();
    else onUnreachable();
  });
  response.on('close', () => outgoing.destroy());
  // The app may want to answer before the body is complete, or to refuse it.
  outgoing.flushHeaders();
  pipeline(request, outgoing, () => {});
}
