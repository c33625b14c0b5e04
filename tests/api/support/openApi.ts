import type { TestEnvironment } from './environment';

export type MediaTypes = Record<
  string,
  { schema?: object; example?: unknown } | undefined
>;

export type Parameter = {
  name: string;
  in: 'path' | 'query';
  required: boolean;
  example?: unknown;
};

/** One route, as the OpenAPI document describes it. */
export type Operation = {
  /** `POST /model/invoke`. */
  key: string;
  method: string;
  path: string;
  operationId: string;
  summary?: string;
  security: Array<Record<string, string[]>>;
  parameters?: Parameter[];
  requestBody?: { required: boolean; content: MediaTypes };
  responses: Record<string, { content?: MediaTypes }>;
};

export type Document = {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { securitySchemes: Record<string, object> };
};

export async function readDocument(
  environment: TestEnvironment,
  path = '/openapi.json',
): Promise<Document> {
  const response = await environment.fetch(path);
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as Document;
}

export function operationsOf({ paths }: Document): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([lower, operation]) => {
      const method = lower.toUpperCase();
      return { ...operation, key: `${method} ${path}`, method, path };
    }),
  );
}

/** Names of the credentials that open a route; none when everybody may call it. */
export function credentialsOf({ security }: Operation): string[] {
  return [...new Set(security.flatMap(Object.keys))];
}

/** Scopes of which each alone opens a route. */
export function scopesOf({ security }: Operation): string[] {
  return security.flatMap(({ accessToken = [] }) => accessToken);
}

export function takesJson({ requestBody }: Operation): boolean {
  return requestBody?.content['application/json'] !== undefined;
}
