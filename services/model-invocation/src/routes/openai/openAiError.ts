import type { Problem } from '@genai-environments/service-kit';

/**
 * Adds OpenAI's `error` to a problem, so that one body serves both readers: OpenAI's SDKs
 * take `error`, everybody else RFC 9457.
 */
export function withOpenAiError(problem: Problem): object {
  return {
    ...problem,
    error: {
      message: problem.detail,
      type: typeOf(problem.status),
      param: problem.issues?.[0]?.path || null,
      code: problem.code,
    },
  };
}

function typeOf(status: number): string {
  if (status === 401) return 'authentication_error';
  if (status === 403) return 'permission_error';
  if (status === 429) return 'rate_limit_error';
  return status >= 500 ? 'server_error' : 'invalid_request_error';
}
