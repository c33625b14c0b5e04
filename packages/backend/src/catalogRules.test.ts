import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import catalogPlugin from '@backstage/plugin-catalog-backend';
import templateModel from '@backstage/plugin-catalog-backend-module-scaffolder-entity-model';
import request from 'supertest';
import { parse } from 'yaml';

// The portal's own configuration.
const CONFIG = parse(
  readFileSync(resolve(__dirname, '../../../app-config.yaml'), 'utf8'),
);

const SPECS: Record<string, object> = {
  Component: { type: 'service', lifecycle: 'production', owner: 'payments' },
  System: { owner: 'payments' },
  Resource: { type: 'genai-environment', owner: 'payments' },
  API: { type: 'openapi', lifecycle: 'production', owner: 'x', definition: '' },
  Group: { type: 'team', children: [] },
  User: { memberOf: ['platform'] },
  Template: { type: 'service', steps: [] },
};

/** Serves `/<kind>` as a file with one entity of that kind. */
async function serveEntities(): Promise<{ server: Server; host: string }> {
  const server = createServer((req, res) => {
    const kind = req.url!.slice(1);
    const isTemplate = kind === 'Template';
    const group = isTemplate ? 'scaffolder.backstage.io' : 'backstage.io';
    res.end(
      JSON.stringify({
        apiVersion: `${group}/${isTemplate ? 'v1beta3' : 'v1alpha1'}`,
        kind,
        metadata: { name: 'taken-over' },
        spec: SPECS[kind],
      }),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { server, host: `127.0.0.1:${port}` };
}

/*
 * Everybody may register a location, because the scaffolder does it for them. What a file
 * of theirs says must not become somebody's environment, team or template.
 */
describe('catalog rules of the portal', () => {
  let files: Server;
  let host: string;
  let backend: Awaited<ReturnType<typeof startTestBackend>>;

  beforeAll(async () => {
    ({ server: files, host } = await serveEntities());
    backend = await startTestBackend({
      features: [
        catalogPlugin,
        templateModel,
        mockServices.rootConfig.factory({
          data: {
            backend: { reading: { allow: [{ host }] } },
            catalog: { rules: CONFIG.catalog.rules },
          },
        }),
      ],
    });
  }, 30_000);

  afterAll(async () => {
    await backend.stop();
    files.closeAllConnections();
    await new Promise(done => files.close(done));
  });

  const register = (kind: string) =>
    request(backend.server)
      .post('/api/catalog/locations?dryRun=true')
      .send({ type: 'url', target: `http://${host}/${kind}` });

  it.each(['Component', 'System'])('lets anybody register a %s', async kind => {
    const { status, body } = await register(kind);
    expect(status === 201 || body).toBe(true);
    expect(body.entities.map((e: { kind: string }) => e.kind)).toContain(kind);
  });

  it.each(['Resource', 'API', 'Group', 'User', 'Template'])(
    'lets nobody register a %s',
    async kind => {
      const { status, body } = await register(kind);
      expect(status).toBe(400);
      expect(body.error.message).toContain(
        `Entity ${kind.toLowerCase()}:default/taken-over`,
      );
      expect(body.error.message).toContain(
        'is not of an allowed kind for that location',
      );
    },
  );
});
