import { ForbiddenError } from '@genai-environments/service-kit';
import type { FastifyRequest } from 'fastify';

/**
 * Refuses requests of web pages of other origins, as the protocol asks of every server.
 * Clients that are no browsers send no `Origin`.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#security-warning
 */
export function createOriginCheck(options: {
  publicUrl: string;
  /** Origins of web pages that may call, beside the environment's own. */
  allowedOrigins?: readonly string[];
}): (request: FastifyRequest) => void {
  const { publicUrl, allowedOrigins = [] } = options;
  const allowed = new Set([new URL(publicUrl).origin, ...allowedOrigins]);
  return ({ headers: { origin } }) => {
    if (origin === undefined || allowed.has(origin)) return;
    throw new ForbiddenError(
      'This endpoint takes no requests of web pages of another origin.',
      { code: 'origin_not_allowed' },
    );
  };
}
