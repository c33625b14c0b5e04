import { EnvironmentError } from '../genai/errors.ts';
import type { TokenClient } from '../genai/tokenClient.ts';
import { sendJson } from '../http/json.ts';
import type { Handler } from '../router.ts';

/**
 * `GET health` → `{"status":"UP"}` when the app could answer people: it listens and the
 * environment accepts its credentials. 503 with the reason otherwise. The token is kept,
 * so asking often costs nothing.
 */
export function healthRoute(tokens: TokenClient): Handler {
  return async ({ response }) => {
    try {
      await tokens.getToken();
      sendJson(response, 200, { status: 'UP' });
    } catch (error) {
      if (!(error instanceof EnvironmentError)) throw error;
      sendJson(response, 503, { status: 'DOWN', reason: error.message });
    }
  };
}
