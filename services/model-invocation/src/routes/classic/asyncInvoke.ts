import { classicOr, type ServiceApp } from '@genai-environments/service-kit';
import * as z from 'zod';
import type { RouteDependencies } from '../dependencies';
import { readInvocation } from './invoke';
import { toAnswer } from './toAnswer';
import {
  asyncInvokeAnswerSchema,
  invokeAnswerSchema,
  invokeRequestSchema,
} from './schemas';

const auth = classicOr('genai/model.invoke');

/** `POST /model/async_invoke` and `GET /model/async_output/{id}`. */
export function addAsyncInvokeRoutes(
  app: ServiceApp,
  { asyncInvocations, prompts }: RouteDependencies,
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
    async request => {
      const { clientId } = request.caller!;
      // Now, not when it runs: a new version does not change what was asked.
      const asked = await readInvocation(request.body, { clientId, prompts });
      return { invocation_id: await asyncInvocations.submit(clientId, asked) };
    },
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
