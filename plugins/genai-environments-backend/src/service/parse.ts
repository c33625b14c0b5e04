import { InputError } from '@backstage/errors';
import type { PlanProblem } from '@genai-environments/backstage-plugin-genai-environments-common';
import type { z } from 'zod';

const RECEIVED_MAX_LENGTH = 80;

/**
 * Parses what a caller sent.
 *
 * @throws InputError with one sentence per problem: the field, what was received, and
 * what is allowed.
 */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new InputError(
    describeIssues(result.error, input)
      .map(problem => problem.message)
      .join(' '),
  );
}

/** The issues of a failed parse as problems of a plan. */
export function describeIssues(
  error: z.ZodError,
  input: unknown,
): PlanProblem[] {
  return error.issues.map(issue => ({
    path: issue.path.join('.'),
    code: 'invalid',
    message: describeIssue(issue, input),
  }));
}

function describeIssue(issue: z.core.$ZodIssue, input: unknown): string {
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.map(key => `"${key}"`).join(', ');
    return `Unknown field ${keys}: remove it, or check its spelling.`;
  }
  const field = issue.path.length
    ? `Field "${issue.path.join('.')}"`
    : 'The request body';
  const received = valueAt(input, issue.path);
  if (received === undefined && issue.code === 'invalid_type') {
    return `${field} is required and must be ${article(issue.expected)}.`;
  }
  return `${field} ${requirement(issue)}; received ${show(received)}.`;
}

function requirement(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return custom(issue) ?? `must be ${article(issue.expected)}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(show).join(', ')}`;
    case 'too_big':
      return (
        custom(issue) ?? `must be at most ${measure(issue, issue.maximum)}`
      );
    case 'too_small':
      return (
        custom(issue) ?? `must be at least ${measure(issue, issue.minimum)}`
      );
    default:
      return custom(issue) ?? `is invalid (${issue.message})`;
  }
}

/** The schema's own words, when it has some. */
function custom(issue: z.core.$ZodIssue): string | undefined {
  if (issue.message.startsWith('must ')) return issue.message;
  return /^(Invalid|Too (big|small))/.test(issue.message)
    ? undefined
    : `is invalid: ${issue.message}`;
}

function measure(issue: { origin: string }, bound: number | bigint): string {
  switch (issue.origin) {
    case 'string':
      return `${bound} characters long`;
    case 'array':
      return `${bound} items long`;
    default:
      return String(bound);
  }
}

function article(type: string): string {
  return /^[aeio]/.test(type) ? `an ${type}` : `a ${type}`;
}

function valueAt(input: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null
        ? (value as Record<PropertyKey, unknown>)[key]
        : undefined,
    input,
  );
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= RECEIVED_MAX_LENGTH
    ? text
    : `${text.slice(0, RECEIVED_MAX_LENGTH)}…`;
}
