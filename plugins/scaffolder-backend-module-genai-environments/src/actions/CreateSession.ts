import {
  ConflictError,
  isError,
  ServiceUnavailableError,
} from '@backstage/errors';
import type {
  CreateEnvironmentRequest,
  Environment,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import { explainTrouble } from '../api/conditions';
import type { EnvironmentsApi } from '../api/EnvironmentsApi';
import { withoutStack } from '../api/errors';
import { followEnvironment } from '../api/followEnvironment';
import type { ApiActionOptions, TaskContext } from './dependencies';

const CLEAN_UP_TIMEOUT_MS = 60_000;

export type CreateSessionOptions = {
  api: EnvironmentsApi;
  ctx: TaskContext;
  request: CreateEnvironmentRequest;
  timeoutMinutes: number;
  timings: ApiActionOptions['timings'];
};

/**
 * One run of `genai:environment:create`, which may be the second or third run of the
 * same task: after it failed, was cancelled, or was recovered after a crash.
 */
export class CreateSession {
  private readonly cursors = new Map<string, { sequence: number }>();
  private readonly deadline: AbortSignal;
  private readonly stop: AbortSignal;
  /** What this task has recorded, once the API has said so. */
  private own?: Environment;

  constructor(private readonly options: CreateSessionOptions) {
    const { ctx, timeoutMinutes } = options;
    this.deadline = AbortSignal.timeout(timeoutMinutes * 60_000);
    this.stop = ctx.signal
      ? AbortSignal.any([ctx.signal, this.deadline])
      : this.deadline;
  }

  /** @throws when the environment is not there as asked for; the message says how things are. */
  async run({ wait }: { wait: boolean }): Promise<Environment> {
    try {
      const environment = await this.obtain();
      return wait ? await this.untilReady(environment) : environment;
    } catch (error) {
      if (this.options.ctx.signal?.aborted) {
        const own = this.own ?? (await this.findOwn());
        throw own ? cancellation(await this.takeAway(own)) : error;
      }
      throw this.deadline.aborted ? this.timeUp() : error;
    }
  }

  /**
   * Records the environment, or finds it when an earlier run of this task did. What
   * comes back is always this task's own: the API answers a request of another task or
   * person for the same name with 409. A cancellation never interrupts the create itself
   * and is looked at right after it.
   */
  private async obtain(): Promise<Environment> {
    const { api, ctx, request } = this.options;
    for (;;) {
      const before = await this.untilNameIsUsable();
      ctx.signal?.throwIfAborted();
      const environment = await api.create(request);
      this.own = environment;
      ctx.signal?.throwIfAborted();
      const isNew = environment.uid !== before?.uid;
      if (!isNew) {
        ctx.logger.info(
          isReady(environment)
            ? `Environment ${request.name}, which this task created, is there.`
            : `Environment ${request.name} was recorded by an earlier run of this task; following it.`,
        );
      }
      if (isNew || environment.status.phase !== 'Failed') return environment;
      ctx.logger.info(
        `The earlier run left environment ${request.name} Failed; tearing it down to begin afresh.`,
      );
      await api.delete(request.name);
      this.own = undefined;
    }
  }

  /**
   * What an earlier run of this task recorded. Asking for it once more is what tells: the
   * API gives it to this task and refuses others.
   */
  private async findOwn(): Promise<Environment | undefined> {
    const { api, request } = this.options;
    try {
      const found = await api.find(request.name);
      const isThere =
        found && found.status.phase !== 'Deleted' && !found.deletionRequestedAt;
      return isThere ? await api.create(request) : undefined;
    } catch {
      return undefined;
    }
  }

  /** Waits while an environment of this name is being torn down. */
  private async untilNameIsUsable(): Promise<Environment | undefined> {
    const { api, ctx, request } = this.options;
    const found = await api.find(request.name, this.stop);
    if (!found || found.status.phase === 'Deleted') return undefined;
    if (!found.deletionRequestedAt) return found;
    ctx.logger.info(
      `An environment named ${request.name} is being torn down; waiting until the name is free.`,
    );
    await this.untilGone(found, this.stop);
    return undefined;
  }

  private async untilReady(environment: Environment): Promise<Environment> {
    const { name } = environment;
    // Its timeline is in the log of the step that created it.
    if (isReady(environment)) return environment;
    const last = await followEnvironment({
      ...this.followOptions(environment, this.stop),
      settledPhases: ['Ready', 'Failed', 'Deleting', 'Deleted'],
      isSettled: found =>
        !found ||
        found.deletionRequestedAt !== undefined ||
        found.status.phase === 'Failed' ||
        isReady(found),
    });
    if (last && isReady(last)) return last;
    throw withoutStack(
      last?.status.phase === 'Failed'
        ? new ServiceUnavailableError(
            `Environment ${name} failed. ${explainTrouble(last)}`,
          )
        : new ConflictError(
            `Environment ${name} was torn down while this task waited for it. Start again to create it anew.`,
          ),
    );
  }

  private timeUp(): Error {
    const { request, timeoutMinutes } = this.options;
    return withoutStack(
      new ServiceUnavailableError(
        this.own
          ? `Environment ${request.name} is not Ready after ${timeoutMinutes} minutes. It keeps on by itself: look at its page, run this task again to go on waiting, or tear it down.`
          : `The name ${request.name} is not free after ${timeoutMinutes} minutes: the environment that has it is still being torn down. Look at its page, and run this task again when it is gone.`,
      ),
    );
  }

  /**
   * Tears down what this task created, because the task was cancelled. Never throws.
   *
   * @returns a sentence that says how things are now.
   */
  async takeAway({ name, uid }: Environment): Promise<string> {
    const { api, ctx } = this.options;
    ctx.logger.info(`Cancelled: tearing environment ${name} down again.`);
    let sentence = `Environment ${name} was torn down; nothing is left of it.`;
    try {
      const current = await api.find(name);
      if (current?.uid === uid) {
        await api.delete(name);
        await this.untilGone(current, this.cleanUpSignal());
      }
    } catch (error) {
      sentence = isTimeout(error)
        ? `Teardown of environment ${name} was requested and completes by itself.`
        : `Environment ${name} could not be torn down, please do so on its page: ${
            isError(error) ? error.message : error
          }`;
    }
    ctx.logger.info(sentence);
    return sentence;
  }

  private async untilGone(environment: Environment, signal: AbortSignal) {
    await followEnvironment({
      ...this.followOptions(environment, signal),
      logFrom: 'Deleting',
      settledPhases: ['Deleted'],
      isSettled: found => !found || found.status.phase === 'Deleted',
    });
  }

  private followOptions(environment: Environment, signal: AbortSignal) {
    const { api, ctx, timings } = this.options;
    const cursor = this.cursors.get(environment.uid) ?? { sequence: 0 };
    this.cursors.set(environment.uid, cursor);
    return {
      ...{ api, environment, cursor, signal },
      logger: ctx.logger,
      idleMs: timings?.idleMs,
    };
  }

  private cleanUpSignal(): AbortSignal {
    const { timings } = this.options;
    return AbortSignal.timeout(
      timings?.cleanUpTimeoutMs ?? CLEAN_UP_TIMEOUT_MS,
    );
  }
}

function isReady({ generation, status }: Environment): boolean {
  return status.phase === 'Ready' && status.observedGeneration >= generation;
}

function isTimeout(error: unknown): boolean {
  return (error as Error | undefined)?.name === 'TimeoutError';
}

/** How a cancelled task ends. */
export function cancellation(sentence: string): Error {
  return withoutStack(new Error(`The task was cancelled. ${sentence}`));
}
