import { classicOr, type ServiceApp } from '@genai-environments/service-kit';
import * as z from 'zod';
import type { RouteDependencies } from '../dependencies';
import { toAnswer } from './invoke';
import {
  asyncInvokeAnswerSchema,
  invokeAnswerSchema,
  invokeRequestSchema,
} from './schemas';
import { toGenerateRequest } from './toGenerateRequest';

const auth = classicOr('genai/model.invoke');

/** `POST /model/async_invoke` and `GET /model/async_output/{id}`. */
export function addAsyncInvokeRoutes(
  app: ServiceApp,
  { asyncInvocations }: RouteDependencies,
): void {
  app.post(
    '/model/async_invoke',
    {
      config: { auth },
      schema: {
        summary: 'Ask a text model and fetch the answer later',
        body: invokeRequestSchema,
        response: { 200: asyncInvokeAnswerSchema },
      },
    },
    async request => ({
      invocation_id: await asyncInvocations.submit(
        request.caller!.clientId,
        toGenerateRequest(request.body),
      ),
    }),
  );

  app.get(
    '/model/async_output/:id',
    {
      config: { auth },
      schema: {
        summary: 'Fetch the answer of an asynchronous invocation',
        description:
          'Answers 404 with code `still_running` until it is done. Results are kept for one hour.',
        params: z.object({ id: z.string().max(100) }),
        response: { 200: invokeAnswerSchema },
      },
    },
    async request =>
      toAnswer(
        await asyncInvocations.output(
          request.caller!.clientId,
          request.params.id,
        ),
      ),
  );
}
