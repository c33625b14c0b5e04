import type { Router } from 'express';
import type { RouteContext } from './context';

/** Environments themselves. */
export function addEnvironmentRoutes(
  router: Router,
  { service, callerOf }: RouteContext,
): void {
  router.get('/environments', async (request, response) => {
    const caller = await callerOf(request);
    response.json(await service.list(caller, request.query));
  });

  router.post('/environments', async (request, response) => {
    const caller = await callerOf(request);
    const { environment, created } = await service.create(caller, request.body);
    response.status(created ? 201 : 200).json(environment);
  });

  router.get('/environments/:name', async (request, response) => {
    const caller = await callerOf(request);
    response.json(await service.get(caller, request.params.name));
  });

  router.patch('/environments/:name', async (request, response) => {
    const caller = await callerOf(request);
    const { name } = request.params;
    response.json(await service.update(caller, name, request.body));
  });

  router.delete('/environments/:name', async (request, response) => {
    const caller = await callerOf(request);
    response
      .status(202)
      .json(await service.delete(caller, request.params.name));
  });
}
