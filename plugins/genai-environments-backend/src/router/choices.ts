import type { Router } from 'express';
import { z } from 'zod';
import { parseInput } from '../service/parse';
import type { RouteContext } from './context';

const modelsRequestSchema = z.object({
  provisioner: z.string().min(1).max(63),
  region: z.string().min(1).max(63),
});

/** What can be asked for, and what would come of it. */
export function addChoiceRoutes(
  router: Router,
  { service, callerOf }: RouteContext,
): void {
  router.post('/plan', async (request, response) => {
    const caller = await callerOf(request);
    response.json(await service.plan(caller, request.body));
  });

  router.get('/provisioners', async (request, response) => {
    await callerOf(request);
    response.json({ items: await service.registry.list() });
  });

  router.get('/models', async (request, response) => {
    await callerOf(request);
    const query = parseInput(modelsRequestSchema, request.query);
    response.json({ items: await service.registry.listModels(query) });
  });

  router.get('/limits', async (request, response) => {
    response.json(await service.limits(await callerOf(request)));
  });
}
