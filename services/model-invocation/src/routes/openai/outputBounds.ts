import type { MaxTokensMember } from '../../ports/ModelProvider';

/** Which of them counts differs from server to server; `n_predict` is llama.cpp's. */
const MAXIMA = ['max_completion_tokens', 'max_tokens', 'n_predict'] as const;

/** Make some servers write more than the maximum says. */
const MULTIPLIERS = ['n', 'n_cmpl', 'best_of', 'extra_body'];

const BOUNDING: ReadonlySet<string> = new Set([...MAXIMA, ...MULTIPLIERS]);

/** Members that this service reads, or writes itself. */
const OURS: ReadonlySet<string> = new Set([
  ...BOUNDING,
  ...['model', 'messages', 'tools', 'input', 'prompt_template'],
  ...['stream', 'stream_options', 'include_usage'],
]);

/** Most tokens that one answer may have by any member that says so. */
export function mostTokensOf(body: object): number | undefined {
  const members = body as Record<string, unknown>;
  const named = MAXIMA.map(name => members[name]).filter(
    (value): value is number =>
      Number.isSafeInteger(value) && Number(value) > 0,
  );
  return named.length > 0 ? Math.max(...named) : undefined;
}

/** The same request, which no server can read as one for more than so many tokens. */
export function withMaximum(
  body: object,
  maxTokens: number,
  member: MaxTokensMember = 'max_tokens',
): Record<string, unknown> {
  const kept = Object.entries(body).filter(
    ([name]) => !BOUNDING.has(fold(name)),
  );
  const { n } = body as { n?: number | null };
  return {
    ...Object.fromEntries(kept),
    ...(n ? { n } : {}),
    [member]: maxTokens,
  };
}

/**
 * Whether a member differs only in case from one of ours: servers written in Go would
 * take it for that one.
 */
export function hasLookalike(body: object): boolean {
  return Object.keys(body).some(isLookalike);
}

export function withoutLookalikes<T extends object>(body: T): T {
  if (!hasLookalike(body)) return body;
  const kept = Object.entries(body).filter(([name]) => !isLookalike(name));
  return Object.fromEntries(kept) as T;
}

function isLookalike(name: string): boolean {
  return !OURS.has(name) && OURS.has(fold(name));
}

/** As Go's `encoding/json` has it: the Kelvin sign is a `k`, the long s an `s`. */
function fold(name: string): string {
  return name.toUpperCase().toLowerCase();
}
