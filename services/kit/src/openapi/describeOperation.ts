import { STATUS_CODES } from 'node:http';
import * as z from 'zod';
import type { ComponentSchemas } from './ComponentSchemas';
import type { CatalogedRoute, RouteSchema } from './RouteCatalog';
import type { AuthPolicy } from '../auth';
import { PROBLEM_MEDIA_TYPE } from '../errors';

const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('A sentence the caller can act on.'),
    code: z.string().describe('Stable, for programs.'),
    issues: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional(),
    retryable: z.boolean().optional(),
    log_id: z.string().optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem.' });

/** Describes one route as an OpenAPI operation. */
export function describeOperation(
  route: CatalogedRoute,
  options: { schemas: ComponentSchemas; tag: string },
): Record<string, unknown> {
  const { schemas, tag } = options;
  const { schema, auth } = route;
  const parameters = [
    ...describeParameters(schema.params, 'path', schemas),
    ...describeParameters(schema.querystring, 'query', schemas),
  ];

  return {
    operationId: schema.operationId ?? operationIdOf(route),
    ...(schema.summary ? { summary: schema.summary } : {}),
    ...(schema.description ? { description: schema.description } : {}),
    tags: schema.tags ?? [tag],
    ...(parameters.length ? { parameters } : {}),
    ...describeBody(schema, schemas),
    responses: describeResponses(route, schemas),
    security: describeSecurity(auth),
  };
}

/** Alternatives: any one of them is enough. */
function describeSecurity(auth: AuthPolicy): Array<Record<string, string[]>> {
  if (auth === 'public') return [];
  if ('anyScope' in auth) {
    return auth.anyScope.map(scope => ({ accessToken: [scope] }));
  }
  return auth.credential ? [{ [auth.credential.name]: [] }] : [];
}

function describeBody(
  { body, consumes = [] }: RouteSchema,
  schemas: ComponentSchemas,
): { requestBody?: object } {
  if (!body && consumes.length === 0) return {};
  const content: Record<string, unknown> = {};
  if (body) {
    content['application/json'] = { schema: schemas.describe(body, 'input') };
  }
  for (const mediaType of consumes) content[mediaType] ??= { schema: {} };
  const required = !body?.safeParse(undefined).success;
  return { requestBody: { required, content } };
}

function describeResponses(
  { schema, auth }: CatalogedRoute,
  schemas: ComponentSchemas,
): Record<string, unknown> {
  const responses: Record<string, unknown> = {};
  const problemContent = {
    [PROBLEM_MEDIA_TYPE]: { schema: schemas.describe(problemSchema, 'output') },
  };
  for (const [status, answer] of Object.entries(schema.response ?? {})) {
    const content: Record<string, unknown> = {
      'application/json': { schema: schemas.describe(answer, 'output') },
    };
    if (status === '200') {
      for (const mediaType of schema.produces ?? []) {
        content[mediaType] ??= { schema: {} };
      }
    }
    // What stands before the route refuses in the way of every route.
    if (/^4/.test(status)) Object.assign(content, problemContent);
    responses[status] = {
      description: STATUS_CODES[status] ?? 'Answer',
      content,
    };
  }
  if (schema.produces && !responses['200']) {
    responses['200'] = {
      description: 'OK',
      content: Object.fromEntries(
        schema.produces.map(mediaType => [mediaType, { schema: {} }]),
      ),
    };
  }

  const problem = (description: string) => ({
    description,
    content: problemContent,
  });
  if (auth !== 'public') {
    responses['401'] ??= problem(
      'The access token is missing, invalid or expired',
    );
    responses['403'] ??= problem(
      'The scope is missing or the application disabled',
    );
  }
  if (schema.params) responses['404'] ??= problem('Not found');
  if (schema.body || schema.consumes) {
    responses['400'] ??= problem('The body is missing or malformed');
    responses['413'] ??= problem('The body is too large');
    responses['415'] ??= problem('The body has another media type');
  }
  if (schema.body || schema.querystring || schema.params) {
    responses['422'] ??= problem('The schema refuses the input');
  }
  responses.default ??= problem('Any other error');
  return responses;
}

function describeParameters(
  schema: z.ZodType | undefined,
  where: 'path' | 'query',
  schemas: ComponentSchemas,
): Array<Record<string, unknown>> {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemas.describe(
    schema,
    'input',
  ) as {
    properties?: Record<string, { description?: string }>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    // Fastify's name for the rest of an address; templates need a word.
    name: name === '*' ? 'path' : name,
    in: where,
    required: where === 'path' || required.includes(name),
    ...(property.description ? { description: property.description } : {}),
    schema: property,
  }));
}

function operationIdOf({ method, url }: CatalogedRoute): string {
  // The rest of an address counts, too: `/models` and `/models/*` are two operations.
  const words = url
    .replace('*', 'path')
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean);
  return [
    method,
    ...words.map(word => word[0].toUpperCase() + word.slice(1)),
  ].join('');
}
