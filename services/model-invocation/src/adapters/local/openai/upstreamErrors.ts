import {
  DependencyError,
  DomainError,
  InvalidInputError,
  LimitExceededError,
} from '@genai-environments/service-kit';
import { CallCancelledError } from '../../../domain/Cancellation';
import { markSent, wasSent } from '../../../domain/calls/sent';
import type { UpstreamHead } from './UpstreamConnection';

/** The deadline passed. */
export class UpstreamTimeoutError extends Error {
  override readonly name = 'UpstreamTimeoutError';

  constructor() {
    super('The upstream did not finish in time');
  }
}

const TIMEOUT_CODES = new Set([
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

/** Explains why no (complete) answer came; marked by `markSent` as the error is. */
export function fromConnectionError(error: unknown, model: string): Error {
  if (error instanceof CallCancelledError || error instanceof DomainError) {
    return error;
  }
  const told = explain(error, model);
  return wasSent(error) ? markSent(told) : told;
}

function explain(error: unknown, model: string): DependencyError {
  const { code } = error as { code?: string };
  if (error instanceof UpstreamTimeoutError || TIMEOUT_CODES.has(code ?? '')) {
    return new DependencyError(
      `The server of model "${model}" did not answer in time. Try again, or ask for fewer tokens.`,
      { kind: 'timeout', retryable: true, code: 'model_timeout', cause: error },
    );
  }
  return new DependencyError(
    `The server of model "${model}" cannot be reached at the moment. Try again shortly.`,
    {
      kind: 'unavailable',
      retryable: true,
      code: 'model_unavailable',
      cause: error,
    },
  );
}

/** Explains an answer that makes no sense. */
export function garbled(model: string, cause?: unknown): DependencyError {
  return new DependencyError(
    `The server of model "${model}" answered something that cannot be understood. Try again; if it persists, tell the environment's owner.`,
    { kind: 'failed', retryable: true, code: 'model_answer_garbled', cause },
  );
}

/** Explains a stream that ended before it said so. */
export function cutShort(model: string): DependencyError {
  return new DependencyError(
    `The server of model "${model}" ended its answer too early. Try again.`,
    { kind: 'failed', retryable: true, code: 'model_stream_cut' },
  );
}

/**
 * Explains a refusal. What the upstream says is passed on only where it is about what
 * the caller sent: its other messages may quote keys or name inner hosts.
 */
export function fromRefusal(
  answer: UpstreamHead & { body: Buffer },
  model: string,
): DomainError {
  const { status } = answer;
  const cause = new Error(`Upstream answered ${status}`);
  const failed = (message: string, retryable: boolean) =>
    new DependencyError(message, {
      kind: 'failed',
      retryable,
      code: 'model_failed',
      cause,
    });

  if (status === 400 || status === 413 || status === 422) {
    const said = messageOf(answer.body);
    return new InvalidInputError(
      `The server of model "${model}" refuses the request${said}`,
      { code: 'model_refused_request', cause },
    );
  }
  if (status === 401 || status === 403) {
    return failed(
      `The server of model "${model}" refuses this environment's credentials. Tell the environment's owner.`,
      false,
    );
  }
  if (status === 404) {
    return failed(
      `The server of model "${model}" does not offer it any more. Choose another model or tell the environment's owner.`,
      false,
    );
  }
  if (status === 429) {
    return new LimitExceededError(
      `The server of model "${model}" is at its limit. Try again later.`,
      {
        retryAfterSeconds: retryAfterOf(answer) ?? 1,
        code: 'model_rate_limited',
        cause,
      },
    );
  }
  if (status === 408 || status === 504) {
    return fromConnectionError(
      new UpstreamTimeoutError(),
      model,
    ) as DomainError;
  }
  if (status === 503) {
    return new DependencyError(
      `The server of model "${model}" is overloaded or starting. Try again shortly.`,
      {
        kind: 'unavailable',
        retryable: true,
        retryAfterSeconds: retryAfterOf(answer),
        code: 'model_unavailable',
        cause,
      },
    );
  }
  return failed(
    `The server of model "${model}" failed. Try again; if it persists, tell the environment's owner.`,
    status >= 500,
  );
}

function retryAfterOf({ headers }: UpstreamHead): number | undefined {
  const seconds = Number(headers['retry-after']);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}

function messageOf(body: Buffer): string {
  let message: unknown;
  try {
    const { error, detail } = JSON.parse(body.toString('utf8'));
    message = typeof error === 'string' ? error : error?.message ?? detail;
  } catch {
    message = undefined;
  }
  if (typeof message !== 'string' || message === '') {
    return '. Check the parameters against what the model supports.';
  }
  return `: ${message.slice(0, 500)}`;
}
