import { mockServices } from '@backstage/backend-test-utils';
import type { ActionContext } from '@backstage/plugin-scaffolder-node';
import { createMockActionContext } from '@backstage/plugin-scaffolder-node-test-utils';
import type { JsonObject } from '@backstage/types';

/** An action's context that keeps what is logged and output. */
export function createContext<TInput extends JsonObject>(
  options: Partial<ActionContext<TInput>> & { input: TInput },
) {
  const log: string[] = [];
  const outputs: Record<string, unknown> = {};
  const logger = mockServices.logger.mock();
  for (const level of ['info', 'warn', 'error'] as const) {
    logger[level].mockImplementation((message: string) => {
      log.push(message);
    });
  }
  const context = {
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    ...createMockActionContext<TInput, any>(options),
    ...options,
    logger,
    output: (name: string, value: unknown) => {
      outputs[name] = value;
    },
  };
  return { context, log, outputs };
}

/** What the API actions need, pointed at a fake backend. */
export function apiOptions(backend: { baseUrl: string }) {
  return {
    auth: mockServices.auth(),
    config: mockServices.rootConfig({
      data: { genaiEnvironments: { local: { dataDirectory: '/nowhere' } } },
    }),
    discovery: mockServices.discovery.mock({
      getBaseUrl: async () => backend.baseUrl,
    }),
    scaffolder: { getTask: async () => ({ status: 'completed' } as never) },
    timings: {
      firstDelayMs: 5,
      maxDelayMs: 50,
      retryForMs: 5_000,
      taskPollMs: 5,
    },
  };
}
