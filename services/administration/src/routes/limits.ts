import type { ServiceApp } from '@genai-environments/service-kit';
import * as z from 'zod';
import type { Limits, LimitState } from '../ports/LimitAdmin';
import type { RouteDependencies } from './dependencies';
import {
  fromWire,
  limitsSchema,
  limitStateSchema,
  toWire,
  toWireState,
} from './limitFormat';
import { clientIdParams } from './schemas';

const answerSchema = z
  .object({ limits: limitsSchema, state: z.array(limitStateSchema) })
  .meta({ id: 'LimitsAnswer' });

/** `GET` and `PUT /admin/limits` (the environment's) and `/admin/limits/{client_id}`. */
export function addLimitRoutes(
  app: ServiceApp,
  { administration, auth }: RouteDependencies,
): void {
  const config = { auth };
  const response = { 200: answerSchema };

  app.get(
    '/admin/limits',
    {
      config,
      schema: { summary: 'Get the limits of the environment', response },
    },
    async () => toAnswer(await administration.getLimits()),
  );
  app.put(
    '/admin/limits',
    {
      config,
      schema: {
        summary: 'Set all limits of the environment; those left out are lifted',
        body: limitsSchema,
        response,
      },
    },
    async request => {
      request.log.info('The limits of the environment were set');
      return toAnswer(await administration.setLimits(fromWire(request.body)));
    },
  );

  app.get(
    '/admin/limits/:client_id',
    {
      config,
      schema: {
        summary: 'Get the limits of an application',
        params: clientIdParams,
        response,
      },
    },
    async request =>
      toAnswer(await administration.getLimits(request.params.client_id)),
  );
  app.put(
    '/admin/limits/:client_id',
    {
      config,
      schema: {
        summary: 'Set all limits of an application; those left out are lifted',
        params: clientIdParams,
        body: limitsSchema,
        response,
      },
    },
    async request => {
      const { client_id: clientId } = request.params;
      const limits = fromWire(request.body);
      const set = await administration.setLimits(limits, clientId);
      request.log.info({ clientId }, 'The limits of an application were set');
      return toAnswer(set);
    },
  );
}

function toAnswer({ limits, state }: { limits: Limits; state: LimitState[] }) {
  return { limits: toWire(limits), state: state.map(toWireState) };
}
