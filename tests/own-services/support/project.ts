import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFiles } from '../../../plugins/scaffolder-backend-module-genai-environments/src/files/writeFiles';
import { ROOT } from '../../e2e/support/paths';

const GENERATOR =
  'plugins/scaffolder-backend-module-genai-environments/scripts/ownServices.js';

/** Services that the project of these tests chose. */
export const CHOSEN = 'model-invocation,prompt-management';

/** A project's repository with the source of the services, in a directory of its own. */
export async function createProject(): Promise<{
  directory: string;
  services: string;
}> {
  const directory = mkdtempSync(join(tmpdir(), 'genai-own-services-'));
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
  return { directory, services: join(directory, 'project', 'services') };
}
