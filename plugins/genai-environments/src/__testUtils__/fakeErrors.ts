import { ResponseError } from '@backstage/errors';

/** An answer outside 2xx as the client rejects with it. */
export function fakeResponseError(
  status: number,
  message: string,
): Promise<ResponseError> {
  const body = {
    error: { name: 'Error', message },
    request: { method: 'GET', url: '/' },
    response: { statusCode: status },
  };
  return ResponseError.fromResponse({
    ok: false,
    status,
    statusText: 'Refused',
    url: 'http://localhost:7007/api/genai-environments/v1',
    headers: { get: () => 'application/json' },
    text: async () => JSON.stringify(body),
  } as unknown as Response);
}
