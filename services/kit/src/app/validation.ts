import type { FastifySchemaCompiler, FastifySerializerCompiler } from 'fastify';
import type { z } from 'zod';
import {
  InvalidInputError,
  SchemaIssue,
  SchemaViolationError,
} from '../errors';

const PARTS: Record<string, string> = {
  body: 'body',
  querystring: 'query',
  params: 'path',
  headers: 'headers',
};

/** Validates with the route's zod schema; compiled once per route. */
export const zodValidatorCompiler: FastifySchemaCompiler<z.ZodType> = ({
  schema,
  httpPart = 'body',
}) => {
  return (data: unknown) => {
    const result = schema.safeParse(data);
    if (result.success) return { value: result.data };
    if (httpPart === 'body' && (data === undefined || data === null)) {
      return {
        error: new InvalidInputError(
          'This route needs a JSON body, and none was sent.',
          { code: 'missing_body' },
        ),
      };
    }
    return {
      error: toSchemaViolation(result.error, PARTS[httpPart] ?? httpPart),
    };
  };
};

/** Makes the error that is answered with 422 and `issues`. */
export function toSchemaViolation(
  error: z.ZodError,
  part = 'body',
): SchemaViolationError {
  const issues = error.issues.slice(0, 20).map(toIssue);
  const first = issues[0];
  const where = first.path ? `"${first.path}" in the ${part}` : `the ${part}`;
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  return new SchemaViolationError(
    `Check ${where}: ${lowerFirst(first.message)}${more}.`,
    { issues },
  );
}

function toIssue(issue: z.core.$ZodIssue): SchemaIssue {
  return { path: issue.path.map(String).join('.'), message: issue.message };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** Plain JSON: our own handlers are typed, so answers need no second check in production. */
export const jsonSerializerCompiler: FastifySerializerCompiler<unknown> =
  () => data =>
    JSON.stringify(data);

/** For tests: an answer that breaks its own schema is a failure, not a surprise. */
export const checkingSerializerCompiler: FastifySerializerCompiler<z.ZodType> =
  ({ schema, method, url }) =>
  data => {
    const result = schema.safeParse(data);
    if (!result.success) {
      throw new Error(
        `Answer of ${method} ${url} breaks its schema: ${result.error.message}`,
      );
    }
    return JSON.stringify(data);
  };
