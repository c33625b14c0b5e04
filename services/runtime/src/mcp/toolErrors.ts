import {
  DomainError,
  type Logger,
  toProblem,
} from '@genai-environments/service-kit';

/**
 * The sentence a caller gets for an error, by the rules of the REST API: what a service says
 * about itself, or fixed text and a log id.
 */
export function explainError(
  error: unknown,
  options: { logger: Logger; newId: () => string; what: string },
): string {
  const { logger, newId, what } = options;
  const { problem, unexpected } = toProblem(error, { newLogId: newId });
  if (unexpected) {
    logger.error(
      { err: error, logId: problem.log_id, code: problem.code },
      error instanceof DomainError
        ? `A dependency of ${what} failed`
        : `${what} failed unexpectedly`,
    );
  }
  return problem.detail;
}
