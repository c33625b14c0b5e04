import { resolvePackagePath } from '@backstage/backend-plugin-api';

// Relative paths in app-config.yaml (database files, catalog locations) are resolved
// against the working directory. Backstage starts the backend in its package directory;
// other ways of starting it must not put the data somewhere else.
process.chdir(resolvePackagePath('backend'));
