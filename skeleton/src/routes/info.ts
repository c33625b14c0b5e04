import type { Config } from '../config.ts';
import { limits } from '../limits.ts';
import type { Handler } from '../router.ts';
import { sendJson } from '../http/json.ts';

/** `GET api/info` → what the page shows about where it runs. Holds no secret. */
export function infoRoute(config: Config): Handler {
  return async ({ response }) =>
    sendJson(response, 200, {
      environmentName: config.environmentName,
      textModel: config.textModel ?? null,
      limits,
    });
}
