import type { Router } from 'express';
import type { ApplicationAction } from '../service/applicationRules';
import type { RouteContext } from './context';

const ACTIONS: ApplicationAction[] = ['rotate', 'enable', 'disable'];

/** Onboarding of callers. */
export function addApplicationRoutes(
  router: Router,
  { service: { applications, secrets }, callerOf }: RouteContext,
): void {
  const collection = '/environments/:name/applications';

  router.get(collection, async (request, response) => {
    const caller = await callerOf(request);
    response.json(await applications.list(caller, request.params.name));
  });

  router.post(collection, async (request, response) => {
    const caller = await callerOf(request);
    const { name } = request.params;
    response
      .status(201)
      .json(await applications.create(caller, name, request.body));
  });

  for (const action of ACTIONS) {
    router.post(`${collection}/:id/${action}`, async (request, response) => {
      const caller = await callerOf(request);
      const { name, id } = request.params;
      response.json(await applications.act(caller, name, id, action));
    });
  }

  router.post(`${collection}/:id/reveal`, async (request, response) => {
    const caller = await callerOf(request);
    const { name, id } = request.params;
    // Like every answer below /v1 it is sent with `Cache-Control: no-store`.
    response.json(await secrets.reveal(caller, name, id));
  });

  router.delete(`${collection}/:id`, async (request, response) => {
    const caller = await callerOf(request);
    const { name, id } = request.params;
    await applications.delete(caller, name, id);
    response.status(204).end();
  });
}
