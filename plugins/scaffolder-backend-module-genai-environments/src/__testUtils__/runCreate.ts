import type { JsonObject } from '@backstage/types';
import { createEnvironmentCreateAction } from '../actions/create';
import { apiOptions, createContext } from './context';
import type { FakeEnvironmentsBackend } from './FakeEnvironmentsBackend';

export const CREATE_INPUT = {
  name: 'orders',
  owner: 'group:default/payments',
  tier: 'sandbox',
  models: ['local.extractive'],
  services: ['model-invocation'],
};

/** Starts `genai:environment:create` against the fake backend. */
export function runCreate(
  backend: FakeEnvironmentsBackend,
  options: {
    taskId?: string;
    input?: JsonObject;
    signal?: AbortSignal;
    timings?: object;
    /** Answers how the task stands; default: completed. */
    getTask?: () => Promise<never>;
  } = {},
) {
  const defaults = apiOptions(backend);
  const action = createEnvironmentCreateAction({
    ...defaults,
    ...(options.getTask && { scaffolder: { getTask: options.getTask } }),
    timings: { ...defaults.timings, ...options.timings },
  });
  const { context, log, outputs } = createContext({
    input: { ...CREATE_INPUT, ...options.input },
    task: { id: options.taskId ?? 'task-1' },
    signal: options.signal,
  });
  const done = action.handler(context as never);
  // Failures are looked at by the tests, some of them only later.
  done.catch(() => {});
  return { done, log, outputs };
}
