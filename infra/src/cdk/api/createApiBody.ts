import {
  createIntegration,
  type LoadBalancerTarget,
} from './createIntegration';
import { GATEWAY_RESPONSES } from './gatewayResponses';
import { ROUTES, type Route } from './routes';

/** Header by which the load balancer tells where a request goes; callers cannot set it. */
export const TARGET_HEADER = 'x-genai-target';

/** Name of the only stage, and so the first part of every address without a domain of its own. */
export const STAGE = 'env';

const AUTHORIZER = 'applications';

export type ApiOptions = {
  title: string;
  userPoolArn: string;
  /** Of Cognito: where tokens are issued, and where the keys are that they are signed with. */
  tokenUrl: string;
  jwksUrl: string;
  loadBalancer: LoadBalancerTarget;
  /** What the load balancer goes by. */
  targetOf: (service: Route['service']) => string;
  /** Who may call what; the routes of the app are for some addresses only. */
  policy: object;
};

/**
 * An environment's API in the words of API Gateway: a method with its scopes for each route of
 * the runtime's OpenAPI document, in one resource. Methods as resources of their own would be
 * 170 resources more, made five a second.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
 */
export function createApiBody(options: ApiOptions): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of ROUTES) {
    const operations = (paths[route.path] ??= {});
    operations[toMethodKey(route)] = createOperation(route, options);
  }
  paths['/oauth2/token'] = { post: createProxy('POST', options.tokenUrl) };
  paths['/.well-known/jwks.json'] = {
    get: createProxy('GET', options.jwksUrl),
  };
  return {
    ...createHead(options),
    paths: Object.fromEntries(
      Object.entries(paths).sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
  };
}

/**
 * The API while the environment is hibernated: the same address, and an answer that says what
 * to do.
 */
export function createHibernatedApiBody(
  options: Pick<ApiOptions, 'title' | 'policy'>,
): object {
  const problem = {
    type: 'about:blank',
    title: 'Service Unavailable',
    status: 503,
    code: 'environment_hibernated',
    detail:
      'The environment is hibernated: its data is kept and its services are stopped. Wake it in the portal and call again in a few minutes.',
  };
  const asleep = {
    responses: { 503: { description: 'Hibernated' } },
    'x-amazon-apigateway-integration': {
      type: 'mock',
      requestTemplates: { 'application/json': '{"statusCode":503}' },
      passthroughBehavior: 'when_no_match',
      responses: {
        default: {
          statusCode: '503',
          responseTemplates: { 'application/json': JSON.stringify(problem) },
        },
      },
    },
  };
  return {
    ...createHead(options),
    paths: {
      '/': { 'x-amazon-apigateway-any-method': asleep },
      '/{path+}': { 'x-amazon-apigateway-any-method': asleep },
    },
  };
}

function createHead(
  options: Pick<ApiOptions, 'title' | 'policy'> & { userPoolArn?: string },
): object {
  const { title, policy, userPoolArn } = options;
  return {
    openapi: '3.0.1',
    info: { title, version: '1' },
    'x-amazon-apigateway-policy': policy,
    // Anything else is text to the gateway, and would arrive changed.
    'x-amazon-apigateway-binary-media-types': [
      'multipart/form-data',
      'application/octet-stream',
      'application/pdf',
      'image/*',
    ],
    'x-amazon-apigateway-gateway-responses': GATEWAY_RESPONSES,
    ...(userPoolArn && {
      components: {
        securitySchemes: {
          [AUTHORIZER]: {
            type: 'apiKey',
            name: 'Authorization',
            in: 'header',
            'x-amazon-apigateway-authtype': 'cognito_user_pools',
            'x-amazon-apigateway-authorizer': {
              type: 'cognito_user_pools',
              providerARNs: [userPoolArn],
            },
          },
        },
      },
    }),
  };
}

function createOperation(route: Route, options: ApiOptions): object {
  const names = parametersOf(route.path);
  return {
    ...(names.length && {
      parameters: names.map(name => ({
        name,
        in: 'path',
        required: true,
        schema: { type: 'string' },
      })),
    }),
    responses: {},
    ...(route.scopes.length && {
      security: [{ [AUTHORIZER]: [...route.scopes].sort() }],
    }),
    'x-amazon-apigateway-integration': createIntegration(route, {
      loadBalancer: options.loadBalancer,
      parameters: names,
      headers: { [TARGET_HEADER]: options.targetOf(route.service) },
    }),
  };
}

/** Passes a request on to an address outside the environment. */
function createProxy(method: string, uri: string): object {
  return {
    responses: {},
    'x-amazon-apigateway-integration': {
      type: 'http_proxy',
      httpMethod: method,
      uri,
      passthroughBehavior: 'when_no_match',
      timeoutInMillis: 10_000,
    },
  };
}

function toMethodKey({ method }: Route): string {
  return method === 'ANY'
    ? 'x-amazon-apigateway-any-method'
    : method.toLowerCase();
}

function parametersOf(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\+?\}/g)].map(([, name]) => name);
}
