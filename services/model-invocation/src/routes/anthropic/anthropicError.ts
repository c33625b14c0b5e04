import type { Problem } from '@genai-environments/service-kit';

const TYPES: Record<number, string> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
  504: 'timeout_error',
};

/**
 * Adds Anthropic's `error` to a problem. Its clients tell errors by `type: "error"`, so
 * that stands in the place of the problem's type, which says nothing here.
 *
 * @see https://docs.anthropic.com/en/api/errors
 */
export function withAnthropicError(problem: Problem): object {
  const { status, detail } = problem;
  const other = status >= 500 ? 'api_error' : 'invalid_request_error';
  return {
    ...problem,
    type: 'error',
    error: {
      type: TYPES[status] ?? other,
      message: messageOf(problem, detail),
    },
  };
}

/** Clients show the message and nothing else: it names the fields, too. */
function messageOf({ issues }: Problem, detail: string): string {
  if (!issues?.length) return detail;
  const fields = issues.map(({ path, message }) => `${path} ${message}`);
  return `${detail} ${fields.join('; ')}`;
}
