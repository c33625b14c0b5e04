import type { DocumentedCredential } from '../auth';
import type { ServiceDefinition } from '../service/ServiceDefinition';
import { ComponentSchemas } from './ComponentSchemas';
import { describeOperation } from './describeOperation';
import type { CatalogedRoute } from './RouteCatalog';

/** What the document says about itself. */
export type OpenApiInfo = {
  title: string;
  version: string;
  description?: string;
  /** Address callers use. */
  serverUrl?: string;
  /** OAuth 2.0 token endpoint (client_credentials). */
  tokenUrl?: string;
};

/** An OpenAPI 3.1 document. @see https://spec.openapis.org/oas/v3.1.1 */
export type OpenApiDocument = {
  openapi: string;
  info: { title: string; version: string; description?: string };
  servers?: Array<{ url: string }>;
  tags: Array<{ name: string; description: string }>;
  paths: Record<string, Record<string, unknown>>;
  components: {
    schemas: Record<string, unknown>;
    securitySchemes: Record<string, unknown>;
  };
};

/** Makes one document over the routes of the given services. */
export function createOpenApiDocument(options: {
  info: OpenApiInfo;
  services: Array<Pick<ServiceDefinition, 'name' | 'title' | 'description'>>;
  routes: CatalogedRoute[];
}): OpenApiDocument {
  const { info, services, routes } = options;
  const schemas = new ComponentSchemas();
  const titles = new Map(services.map(({ name, title }) => [name, title]));
  const paths: OpenApiDocument['paths'] = {};
  const scopes: Record<string, string> = {};
  const credentials: Record<string, object> = {};

  for (const route of routes) {
    const path = route.url.replace(/:(\w+)/g, '{$1}').replace('*', '{path}');
    paths[path] ??= {};
    paths[path][route.method] = describeOperation(route, {
      schemas,
      tag: titles.get(route.service) ?? route.service,
    });
    for (const scope of scopesOf(route)) scopes[scope] = scope;
    const credential = credentialOf(route);
    if (credential) credentials[credential.name] = toSecurityScheme(credential);
  }

  return {
    openapi: '3.1.1',
    info: {
      title: info.title,
      version: info.version,
      ...(info.description ? { description: info.description } : {}),
    },
    ...(info.serverUrl ? { servers: [{ url: info.serverUrl }] } : {}),
    tags: services.map(({ title, description }) => ({
      name: title,
      description,
    })),
    paths,
    components: {
      schemas: schemas.toJSON(),
      securitySchemes: {
        accessToken: info.tokenUrl
          ? {
              type: 'oauth2',
              flows: { clientCredentials: { tokenUrl: info.tokenUrl, scopes } },
            }
          : { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        ...credentials,
      },
    },
  };
}

function scopesOf(route: CatalogedRoute): readonly string[] {
  return typeof route.auth === 'object' && 'anyScope' in route.auth
    ? route.auth.anyScope
    : [];
}

function credentialOf({
  auth,
}: CatalogedRoute): DocumentedCredential | undefined {
  return typeof auth === 'object' && 'verify' in auth
    ? auth.credential
    : undefined;
}

function toSecurityScheme(credential: DocumentedCredential): object {
  const { description } = credential;
  return credential.type === 'http'
    ? { type: 'http', scheme: credential.scheme, description }
    : {
        type: 'apiKey',
        in: credential.in,
        name: credential.parameter,
        description,
      };
}
