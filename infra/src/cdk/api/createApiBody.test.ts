import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { repositoryRoot } from '../testing/repositoryRoot';
import { createApiBody, createHibernatedApiBody } from './createApiBody';
import documented from './documentedRoutes.json';
import { readRuntimeOpenApi } from './readRuntimeOpenApi';
import { ROUTES } from './routes';
import { toRoutes } from './toRoutes';

jest.setTimeout(60_000);

type Operation = {
  security?: Array<Record<string, string[]>>;
  parameters?: Array<{ name: string }>;
  'x-amazon-apigateway-integration': Record<string, any>;
};

const body = createApiBody({
  title: 'demo',
  policy: {},
  userPoolArn: 'arn:aws:cognito-idp:eu-central-1:111122223333:userpool/pool',
  tokenUrl: 'https://demo.auth.eu-central-1.amazoncognito.com/oauth2/token',
  jwksUrl:
    'https://cognito-idp.eu-central-1.amazonaws.com/pool/.well-known/jwks.json',
  loadBalancer: {
    arn: 'arn:balancer',
    dnsName: 'balancer.test',
    vpcLinkId: 'link',
  },
  targetOf: service => service,
}) as { paths: Record<string, Record<string, Operation>> };

describe('routes', () => {
  it('are those of the runtime: else run "npm run routes -w infra"', async () => {
    const runtime = join(repositoryRoot(), 'services', 'runtime');
    execFileSync(process.execPath, ['build.mjs'], {
      cwd: runtime,
      stdio: 'pipe',
    });
    const document = await readRuntimeOpenApi({
      entry: join(runtime, 'dist', 'runtime.cjs'),
    });
    expect(documented).toEqual(toRoutes(document));
  });

  it('name a part of a path alike wherever it stands', () => {
    // The gateway refuses /a/{x} beside /a/{y}/b.
    const names = new Map<string, string>();
    for (const { path } of ROUTES) {
      const parts = path.split('/');
      parts.forEach((part, index) => {
        if (!part.startsWith('{')) return;
        const parent = parts.slice(0, index).join('/');
        expect({ path, part: names.get(parent) ?? part }).toEqual({
          path,
          part,
        });
        names.set(parent, part);
      });
    }
  });

  it('refuse a document with a heading that no service is known for', () => {
    const document = {
      paths: { '/x': { get: { tags: ['New'], security: [], responses: {} } } },
    };
    expect(() => toRoutes(document)).toThrow(
      'get /x is under "New", and no service is known for that.',
    );
  });
});

describe('the API', () => {
  it('has each route with the scopes that open it', () => {
    for (const { method, path, scopes } of ROUTES) {
      const key =
        method === 'ANY'
          ? 'x-amazon-apigateway-any-method'
          : method.toLowerCase();
      expect(body.paths[path][key].security).toEqual(
        scopes.length ? [{ applications: [...scopes].sort() }] : undefined,
      );
    }
  });

  it('is open without a token only where the service itself decides', () => {
    const open = ROUTES.filter(({ scopes }) => scopes.length === 0).map(
      ({ path }) => path,
    );
    const expected =
      /^\/(\w+\/service\/(health|meta)|admin\/.+|control\/(status|usage|applications\/.+)|app(\/.+)?|openapi\.json|\.well-known\/.+)?$/;
    expect(open.filter(path => !expected.test(path))).toEqual([]);
    expect(open).not.toContain('/control/shutdown');
  });

  it('passes answers of models on as they come', () => {
    const { 'x-amazon-apigateway-integration': integration } =
      body.paths['/v1/chat/completions'].post;
    expect(integration).toMatchObject({
      type: 'http_proxy',
      uri: 'http://balancer.test/v1/chat/completions',
      connectionType: 'VPC_LINK',
      connectionId: 'link',
      integrationTarget: 'arn:balancer',
      responseTransferMode: 'STREAM',
      timeoutInMillis: 900_000,
    });
    expect(
      body.paths['/prompt/template/save'].post[
        'x-amazon-apigateway-integration'
      ],
    ).toMatchObject({
      responseTransferMode: 'BUFFERED',
      timeoutInMillis: 29_000,
    });
  });

  it('tells the load balancer by a header which service is meant', () => {
    const { 'x-amazon-apigateway-integration': integration, parameters } =
      body.paths['/document/ingest/{id}/events'].get;
    expect(parameters).toEqual([expect.objectContaining({ name: 'id' })]);
    expect(integration.requestParameters).toEqual({
      'integration.request.path.id': 'method.request.path.id',
      'integration.request.header.x-genai-target': "'document-processing'",
    });
  });

  it('takes the rest of a path as one parameter', () => {
    expect(body.paths['/v1/models/{path+}'].get).toMatchObject({
      'x-amazon-apigateway-integration': {
        uri: 'http://balancer.test/v1/models/{path}',
      },
    });
  });

  it('answers 503 with what to do while the environment is hibernated', () => {
    const hibernated = createHibernatedApiBody({
      title: 'demo',
      policy: {},
    }) as typeof body;
    const { responses } =
      hibernated.paths['/{path+}']['x-amazon-apigateway-any-method'][
        'x-amazon-apigateway-integration'
      ];
    expect(responses.default.statusCode).toBe('503');
    expect(
      JSON.parse(responses.default.responseTemplates['application/json']),
    ).toMatchObject({
      status: 503,
      code: 'environment_hibernated',
      detail: expect.stringContaining('Wake it in the portal'),
    });
  });
});
