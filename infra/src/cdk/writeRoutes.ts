import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRuntimeOpenApi } from './api/readRuntimeOpenApi';
import { toRoutes } from './api/toRoutes';

/**
 * Writes the routes of the runtime's own OpenAPI document to the file that templates are made
 * from. Started from the package's folder by `npm run routes -w infra`; a test says when that is due.
 */
async function main(): Promise<void> {
  const document = await readRuntimeOpenApi({
    entry: join('..', 'services', 'runtime', 'dist', 'runtime.cjs'),
  });
  const routes = toRoutes(document);
  writeFileSync(
    join('src', 'cdk', 'api', 'documentedRoutes.json'),
    `${JSON.stringify(routes, null, 2)}\n`,
  );
  console.log(`${routes.length} routes`);
}

main().catch(error => {
  console.error(error);
  process.exitCode = 1;
});
