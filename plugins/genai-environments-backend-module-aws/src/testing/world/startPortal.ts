import { createBackendModule } from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
  type TestDatabases,
} from '@backstage/backend-test-utils';
// The module is tried behind the API that people see.
// eslint-disable-next-line @backstage/no-mixed-plugin-imports
import backendPlugin from '@genai-environments/backstage-plugin-genai-environments-backend';
import {
  genaiProvisionersExtensionPoint,
  type Provisioner,
} from '@genai-environments/backstage-plugin-genai-environments-node';

/** Who asks. */
export const OWNER = 'user:default/mock';

/** The backend plugin behind HTTP, with a provisioner on the fake. Test code. */
export async function startPortal(
  provisioner: Provisioner,
  knex: Awaited<ReturnType<TestDatabases['init']>>,
) {
  const backend = await startTestBackend({
    features: [
      backendPlugin,
      mockServices.database.factory({ knex }),
      createBackendModule({
        pluginId: 'genai-environments',
        moduleId: 'aws-fake',
        register(env) {
          env.registerInit({
            deps: { provisioners: genaiProvisionersExtensionPoint },
            async init({ provisioners }) {
              provisioners.addProvisioner(provisioner);
            },
          });
        },
      }),
    ],
  });
  const url = `http://127.0.0.1:${backend.server.port()}/api/genai-environments/v1`;
  const headers = {
    authorization: mockCredentials.user.header(),
    'content-type': 'application/json',
  };
  return {
    async get(path: string) {
      const response = await fetch(`${url}${path}`, { headers });
      return { status: response.status, body: await response.json() };
    },
    async post(path: string, input: object) {
      const body = JSON.stringify(input);
      const response = await fetch(`${url}${path}`, {
        ...{ method: 'POST', headers, body },
      });
      return { status: response.status, body: await response.json() };
    },
    stop: () => backend.stop(),
  };
}
