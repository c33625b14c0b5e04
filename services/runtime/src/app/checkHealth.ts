import { get } from 'node:http';

/** Longest answer that is looked at. */
const MAX_BODY_LENGTH = 4096;

/**
 * Asks the app whether it works. Never rejects: what is not a clean "UP" within the
 * time is a no.
 */
export function isAppUp(options: {
  port: number;
  path: string;
  timeoutMs: number;
  signal: AbortSignal;
}): Promise<boolean> {
  const { port, path, timeoutMs, signal } = options;
  return new Promise(resolve => {
    const request = get(
      {
        host: '127.0.0.1',
        port,
        path,
        agent: false,
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      },
      response => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          body += chunk;
          if (body.length > MAX_BODY_LENGTH) request.destroy();
        });
        response.on('close', () => {
          resolve(response.statusCode === 200 && saysUp(body));
        });
      },
    );
    request.on('error', () => resolve(false));
  });
}

function saysUp(body: string): boolean {
  try {
    return (JSON.parse(body) as { status?: unknown }).status === 'UP';
  } catch {
    return false;
  }
}
