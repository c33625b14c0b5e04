/** RFC 9457, as the services answer. */
const PROBLEM = "'application/problem+json'";

function problem(options: {
  status: number;
  title: string;
  code: string;
  detail: string;
  headers?: Record<string, string>;
}): object {
  const { status, title, code, detail, headers = {} } = options;
  return {
    statusCode: status,
    responseParameters: {
      'gatewayresponse.header.Content-Type': PROBLEM,
      ...Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [
          `gatewayresponse.header.${name}`,
          `'${value}'`,
        ]),
      ),
    },
    responseTemplates: {
      'application/json': JSON.stringify({
        type: 'about:blank',
        title,
        status,
        code,
        detail,
      }),
    },
  };
}

/** What the gateway itself answers, in the form of the services. */
export const GATEWAY_RESPONSES = {
  UNAUTHORIZED: problem({
    status: 401,
    title: 'Unauthorized',
    code: 'unauthorized',
    detail:
      'The access token is missing, invalid or expired. Get one from the token endpoint and send it as "Authorization: Bearer <token>".',
    headers: { 'WWW-Authenticate': 'Bearer' },
  }),
  ACCESS_DENIED: problem({
    status: 403,
    title: 'Forbidden',
    code: 'forbidden',
    detail:
      'The access token has none of the scopes that open this route, or this address may not call it.',
  }),
  MISSING_AUTHENTICATION_TOKEN: problem({
    status: 404,
    title: 'Not Found',
    code: 'not_found',
    detail:
      'There is no such route. GET /openapi.json lists those of this environment.',
  }),
  THROTTLED: problem({
    status: 429,
    title: 'Too Many Requests',
    code: 'rate_limited',
    detail: 'The environment takes no more requests just now. Try again.',
    headers: { 'Retry-After': '1' },
  }),
  REQUEST_TOO_LARGE: problem({
    status: 413,
    title: 'Content Too Large',
    code: 'too_large',
    detail:
      'The body is larger than the 10 MB that the gateway takes. Upload files by the address that POST /document/extraction/register_file answers.',
  }),
  INTEGRATION_TIMEOUT: problem({
    status: 504,
    title: 'Gateway Timeout',
    code: 'timeout',
    detail: 'The service did not answer in time. Try again.',
  }),
  INTEGRATION_FAILURE: problem({
    status: 502,
    title: 'Bad Gateway',
    code: 'unavailable',
    detail: 'The service cannot be reached just now. Try again in a minute.',
  }),
};
