import './workingDirectory';
import { createBackend } from '@backstage/backend-defaults';

const backend = createBackend();

backend.add(import('@backstage/plugin-app-backend'));

backend.add(import('@backstage/plugin-auth-backend'));
backend.add(import('@backstage/plugin-auth-backend-module-guest-provider'));
backend.add(import('./modules/demoUsers'));

backend.add(import('@backstage/plugin-permission-backend'));
backend.add(import('./modules/permissionPolicy'));

backend.add(import('@backstage/plugin-events-backend'));
backend.add(import('@backstage/plugin-signals-backend'));
backend.add(import('@backstage/plugin-user-settings-backend'));

backend.add(import('@backstage/plugin-catalog-backend'));
backend.add(
  import('@backstage/plugin-catalog-backend-module-scaffolder-entity-model'),
);

backend.add(import('@backstage/plugin-scaffolder-backend'));
backend.add(import('@backstage/plugin-scaffolder-backend-module-github'));

backend.add(
  import('@genai-environments/backstage-plugin-genai-environments-backend'),
);
backend.add(
  import(
    '@genai-environments/backstage-plugin-genai-environments-backend-module-local'
  ),
);
// Does nothing until genaiEnvironments.aws.targets are configured.
backend.add(
  import(
    '@genai-environments/backstage-plugin-genai-environments-backend-module-aws'
  ),
);
backend.add(
  import(
    '@genai-environments/backstage-plugin-catalog-backend-module-genai-environments'
  ),
);
backend.add(
  import(
    '@genai-environments/backstage-plugin-scaffolder-backend-module-genai-environments'
  ),
);

backend.start();
