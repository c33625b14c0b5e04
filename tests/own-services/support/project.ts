import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { writeFiles } from '../../../plugins/scaffolder-backend-module-genai-environments/src/files/writeFiles';
import { ROOT } from '../../e2e/support/paths';

const GENERATOR =
  'plugins/scaffolder-backend-module-genai-environments/scripts/ownServices.js';

/** Services that the project of these tests chose. */
export const CHOSEN = 'model-invocation,prompt-management';

/** A project's repository with the source of the services, below `directory`. */
export async function createProject(
  directory: string,
): Promise<{ services: string }> {
  const generated = join(directory, 'generated');
  execFileSync(process.execPath, [GENERATOR, 'copy', generated], { cwd: ROOT });
  await writeFiles({
    source: join(generated, 'repository'),
    target: join(directory, 'project'),
    values: {
      ...{ name: 'orders', owner: 'group:default/payments' },
      services: CHOSEN,
    },
  });
  return { services: join(directory, 'project', 'services') };
}
