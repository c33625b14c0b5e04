import type { Router } from 'express';
import type { RouteContext } from './context';

/** What environments run, and whether they do. */
export function addOperationRoutes(
  router: Router,
  { service: { operations }, callerOf }: RouteContext,
): void {
  for (const action of ['hibernate', 'wake'] as const) {
    router.post(`/environments/:name/${action}`, async (request, response) => {
      const caller = await callerOf(request);
      const { name } = request.params;
      response.status(202).json(await operations[action](caller, name));
    });
  }

  const item = '/environments/:name/services/:service';

  router.post(`${item}/scale`, async (request, response) => {
    const caller = await callerOf(request);
    const { name, service } = request.params;
    response
      .status(202)
      .json(await operations.scale(caller, name, service, request.body));
  });

  router.post(`${item}/restart`, async (request, response) => {
    const caller = await callerOf(request);
    const { name, service } = request.params;
    response.status(202).json(await operations.restart(caller, name, service));
  });
}
