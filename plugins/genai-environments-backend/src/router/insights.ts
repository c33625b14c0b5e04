import type { Router } from 'express';
import type { RouteContext } from './context';

/** What an environment tells about itself. */
export function addInsightRoutes(
  router: Router,
  { service: { insights }, callerOf }: RouteContext,
): void {
  router.get('/environments/:name/services', async (request, response) => {
    const caller = await callerOf(request);
    response.json(await insights.services(caller, request.params.name));
  });

  router.get('/environments/:name/openapi', async (request, response) => {
    const caller = await callerOf(request);
    response.json(await insights.openApi(caller, request.params.name));
  });

  router.get('/environments/:name/usage', async (request, response) => {
    const caller = await callerOf(request);
    const { name } = request.params;
    response.json(await insights.usage(caller, name, request.query));
  });

  router.get('/environments/:name/logs', async (request, response) => {
    const caller = await callerOf(request);
    const { name } = request.params;
    response.json(await insights.logs(caller, name, request.query));
  });
}
