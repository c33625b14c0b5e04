import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from './DomainError';
import { Problem, PROBLEM_MEDIA_TYPE, toProblem } from './problem';

/** Turns the problem into the body that is sent, e.g. to add members to it. */
export type ProblemDecorator = (problem: Problem) => object;

/**
 * The one place where errors become answers. Logs what is our fault with the log id
 * that the caller was told, and nothing of what the caller sent.
 */
export function createErrorHandler(options: {
  newId: () => string;
  decorate?: ProblemDecorator;
}) {
  const { newId, decorate } = options;

  return (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const { problem, headers, unexpected } = toProblem(error, {
      newLogId: newId,
    });
    if (unexpected) {
      request.log.error(
        {
          err: error,
          logId: problem.log_id,
          status: problem.status,
          code: problem.code,
          route: `${request.method} ${request.routeOptions.url ?? 'unknown'}`,
          clientId: request.caller?.clientId,
        },
        error instanceof DomainError
          ? 'A dependency failed'
          : 'A request failed unexpectedly',
      );
    }
    return reply
      .code(problem.status)
      .headers(headers)
      .type(PROBLEM_MEDIA_TYPE)
      .send(JSON.stringify(decorate ? decorate(problem) : problem));
  };
}
