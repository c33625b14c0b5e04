import type { Config } from '@backstage/config';
import { environmentNameSchema } from '@genai-environments/backstage-plugin-genai-environments-common';
import { existsSync } from 'node:fs';
import type { EnvironmentsApi } from '../api/EnvironmentsApi';
import { withdrawRepository } from '../repository/publishedBy';
import type { TaskContext } from './dependencies';
import { localRepositoryDirectory } from './localRepository';

/** A task that ends does not wait longer than this to learn whether it may. */
const TIMEOUT_MS = 10_000;

/**
 * Takes back the local repository that this task published when no environment came of
 * it. One that an environment has is left to that environment's teardown. Never throws:
 * it runs when something else has gone wrong already.
 */
export async function withdrawUnused(options: {
  config: Config;
  api: EnvironmentsApi;
  ctx: Pick<TaskContext, 'task' | 'logger'>;
  name: string;
}): Promise<void> {
  const { config, api, ctx, name } = options;
  // Also called when the name is what was wrong.
  if (!environmentNameSchema.safeParse(name).success) return;
  const directory = localRepositoryDirectory(config, name);
  if (!existsSync(directory)) return;
  try {
    const isWithdrawn = await withdrawRepository({
      directory,
      taskId: ctx.task.id,
      async isInUse() {
        const found = await api.find(name, AbortSignal.timeout(TIMEOUT_MS));
        return found !== undefined && found.status.phase !== 'Deleted';
      },
    });
    if (isWithdrawn) {
      ctx.logger.info(
        `Removed repository ${name} again: no environment came of it.`,
      );
    }
  } catch {
    // A cancelled task does it twice at once: the step that runs, and the one before.
    if (!existsSync(directory)) return;
    ctx.logger.warn(
      `Repository ${name} was published and no environment came of it. The next environment of this name uses it.`,
    );
  }
}
