import {
  createErrorHandler,
  type IdGenerator,
} from '@genai-environments/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CallCancelledError } from '../domain/Cancellation';

/** The kit's error handler, which says nothing to callers that hung up: that is no error. */
export function createModelErrorHandler(options: {
  newId: IdGenerator;
  decorate?: Parameters<typeof createErrorHandler>[0]['decorate'];
}) {
  const handle = createErrorHandler(options);
  return (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    if (!(error instanceof CallCancelledError)) {
      return handle(error, request, reply);
    }
    reply.hijack();
    reply.raw.destroy();
    return undefined;
  };
}
