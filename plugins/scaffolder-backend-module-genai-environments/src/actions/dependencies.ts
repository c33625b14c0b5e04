import type {
  AuthService,
  DiscoveryService,
} from '@backstage/backend-plugin-api';
import type { ActionContext } from '@backstage/plugin-scaffolder-node';
import { ApiTimings, EnvironmentsApi } from '../api/EnvironmentsApi';
import { toTaskError } from '../api/errors';

/** What the actions that talk to the backend need. */
export type ApiActionOptions = {
  auth: AuthService;
  discovery: DiscoveryService;
  /** For tests to shorten. */
  timings?: Partial<
    ApiTimings & {
      cleanUpTimeoutMs: number;
      idleMs: number;
      taskPollMs: number;
    }
  >;
};

/** The parts of an action's context that concern the task rather than the action. */
export type TaskContext = Pick<
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  ActionContext<any, any>,
  'getInitiatorCredentials' | 'task' | 'signal' | 'logger'
>;

/** The backend's API in the name of the task's initiator. */
export async function apiFor(
  ctx: TaskContext,
  options: ApiActionOptions,
): Promise<EnvironmentsApi> {
  return new EnvironmentsApi({
    ...options,
    credentials: await ctx.getInitiatorCredentials(),
  });
}

/** Runs an action so that what it throws reads well in the task log. */
export async function withTaskErrors(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    throw toTaskError(error);
  }
}
