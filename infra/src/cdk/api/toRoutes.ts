import * as z from 'zod';
import { compareRoutes } from './compareRoutes';
import type { Route, RoutedService } from './routes';

const operationSchema = z.object({
  tags: z.tuple([z.string()]),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  responses: z.record(
    z.string(),
    z.object({ content: z.record(z.string(), z.unknown()).optional() }),
  ),
});
type Operation = z.infer<typeof operationSchema>;

const openApiSchema = z.object({
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
});

/** Which service answers what the document has under a heading. */
const SERVICE_OF_TAG: Record<string, RoutedService> = {
  Models: 'model-invocation',
  'OpenAI-compatible': 'model-invocation',
  'Anthropic-compatible': 'model-invocation',
  Documents: 'document-processing',
  Vectors: 'vectorization',
  MCP: 'vectorization',
  Prompts: 'prompt-management',
  Administration: 'administration',
};

/** Addresses that are signed by a laptop's object store; S3 has its own. */
const SIGNED = 'signedAddress';

/**
 * What the gateway has to know of a runtime's OpenAPI document.
 *
 * @throws Error when the document has a heading that no service is known for
 */
export function toRoutes(document: unknown): Route[] {
  const { paths } = openApiSchema.parse(document);
  return Object.entries(paths)
    .flatMap(([path, operations]) =>
      Object.entries(operations)
        .filter(([, { security }]) => !security.some(each => SIGNED in each))
        .map(([method, operation]) => toRoute({ path, method, operation })),
    )
    .sort(compareRoutes);
}

function toRoute(options: {
  path: string;
  method: string;
  operation: Operation;
}): Route {
  const { path, method, operation } = options;
  const [tag] = operation.tags;
  const service = SERVICE_OF_TAG[tag];
  if (!service) {
    throw new Error(
      `${method} ${path} is under "${tag}", and no service is known for that. Add it to SERVICE_OF_TAG.`,
    );
  }
  const scopes = operation.security.flatMap(each => each.accessToken ?? []);
  // Models may take longer than the 29 seconds that a buffered answer has.
  const waitsForModel = service === 'model-invocation' && scopes.length > 0;
  return {
    method: method.toUpperCase() as Route['method'],
    // The document has one name for all that is left of an address.
    path: path.replace('{path}', '{path+}'),
    service,
    scopes,
    streams: streams(operation) || waitsForModel,
  };
}

function streams({ responses }: Operation): boolean {
  return Object.keys(responses['200']?.content ?? {}).includes(
    'text/event-stream',
  );
}
