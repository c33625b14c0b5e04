import {
  apiEntityV1alpha1Validator,
  componentEntityV1alpha1Validator,
  DefaultNamespaceEntityPolicy,
  Entity,
  EntityPolicies,
  FieldFormatEntityPolicy,
  resourceEntityV1alpha1Validator,
  SchemaValidEntityPolicy,
} from '@backstage/catalog-model';
import { inPhase, readyEnvironment } from '../__testUtils__/environments';
import { toEntities } from './entities';

const kinds = (entities: Entity[]) => entities.map(e => e.kind);

describe('toEntities', () => {
  it('describes a running environment, its API and its app', async () => {
    const entities = toEntities({
      environment: readyEnvironment('orders'),
      openApi: '{"openapi":"3.1.0"}',
    });

    expect(entities).toMatchObject([
      {
        kind: 'Resource',
        metadata: {
          name: 'orders',
          annotations: { 'genai-environments.io/environment': 'orders' },
          labels: {
            'genai-environments.io/tier': 'sandbox',
            'genai-environments.io/provisioner': 'local',
          },
          tags: ['genai', 'sandbox', 'local'],
          links: [
            { url: 'http://127.0.0.1:40001', title: 'Endpoint' },
            { url: 'http://127.0.0.1:40001/app/', title: 'App' },
            {
              url: 'http://127.0.0.1:40001/openapi.json',
              title: 'API document',
            },
          ],
        },
        spec: { type: 'genai-environment', owner: 'group:default/payments' },
      },
      {
        kind: 'API',
        metadata: { name: 'orders' },
        spec: { type: 'openapi', definition: '{"openapi":"3.1.0"}' },
      },
      {
        kind: 'Component',
        metadata: {
          name: 'orders-app',
          annotations: { 'genai-environments.io/environment': 'orders' },
          links: [{ url: 'http://127.0.0.1:40001/app/' }],
        },
        spec: {
          type: 'service',
          dependsOn: ['resource:default/orders'],
          consumesApis: ['api:default/orders'],
        },
      },
    ]);
  });

  it('emits what the catalog accepts, whatever the provisioner is called', async () => {
    const policy = EntityPolicies.allOf([
      new SchemaValidEntityPolicy(),
      new DefaultNamespaceEntityPolicy(),
      new FieldFormatEntityPolicy(),
    ]);
    const environment = readyEnvironment('orders');
    environment.spec.provisioner = '__My Cloud (EU)__';
    environment.spec.description = 'Line one\nline two: "quoted"';

    const entities = toEntities({ environment, openApi: '{}' });

    for (const entity of entities) {
      await expect(policy.enforce(entity)).resolves.toBeDefined();
    }
    const [resource, api, component] = entities;
    expect(await resourceEntityV1alpha1Validator.check(resource)).toBe(true);
    expect(await apiEntityV1alpha1Validator.check(api)).toBe(true);
    expect(await componentEntityV1alpha1Validator.check(component)).toBe(true);
  });

  it('shows no dangling relation and no link before there is something behind it', () => {
    const [resource, component] = toEntities({
      environment: inPhase(readyEnvironment('orders'), 'Provisioning'),
    });

    expect(resource.metadata.links).toEqual([]);
    expect(resource.spec).not.toHaveProperty('dependencyOf');
    expect(component.spec).not.toHaveProperty('consumesApis');
  });

  it('leaves the app to its repository when that registers it', () => {
    const environment = readyEnvironment('orders');
    environment.spec.app = {
      repository: 'https://github.com/acme/orders',
      catalogSource: 'repository',
    };

    expect(kinds(toEntities({ environment }))).toEqual(['Resource']);
  });

  it('names the source of the app only where a browser can open it', () => {
    const environment = readyEnvironment('orders');
    const sourceOf = (entities: Entity[]) =>
      entities[1].metadata.annotations?.['backstage.io/source-location'];

    expect(sourceOf(toEntities({ environment }))).toBeUndefined();
    environment.spec.app!.repository = 'https://git.example.com/acme/orders';
    expect(sourceOf(toEntities({ environment }))).toBe(
      'url:https://git.example.com/acme/orders',
    );
  });
});
