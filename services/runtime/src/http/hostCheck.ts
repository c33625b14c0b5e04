import { ForbiddenError } from '@genai-environments/service-kit';
import type { FastifyRequest } from 'fastify';

/** Whether an address is only reachable from this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}

/**
 * Refuses requests that were sent to another name than the runtime's. A web page can let
 * its own name point at 127.0.0.1 (DNS rebinding) and would then be same-origin with
 * everything here; only the Host header tells.
 *
 * Checks nothing when the runtime listens on other interfaces: then names are the
 * business of what stands in front.
 */
export function createHostCheck(options: {
  host: string;
  port: number;
  publicUrl: string;
}): (request: FastifyRequest) => void {
  const { host, port, publicUrl } = options;
  if (!isLoopback(host)) return () => {};

  const names = ['127.0.0.1', 'localhost', '[::1]'];
  const accepted = new Set([
    ...names.map(name => `${name}:${port}`),
    // Browsers leave the port out when it is the default one.
    ...(port === 80 ? names : []),
    new URL(publicUrl).host,
  ]);
  return request => {
    if (accepted.has(request.headers.host?.toLowerCase() ?? '')) return;
    throw new ForbiddenError(
      `This environment answers only at ${publicUrl}. Use that address.`,
      { code: 'unknown_host' },
    );
  };
}
