import {
  DependencyError,
  DomainError,
  InvalidInputError,
  LimitExceededError,
} from '@genai-environments/service-kit';
import { CallCancelledError } from '../../../domain/Cancellation';
import { markSent, wasSent } from '../../../domain/calls/sent';
import type { BedrockAnswer } from './BedrockConnection';
import { AnswerTooLongError, BedrockDeadlineError } from './BedrockExchange';

/** An exception of Bedrock, from an answer or from within a stream. */
export type BedrockException = {
  /** `ThrottlingException`. */
  name: string;
  message?: string;
  /** As `retry-after` says. */
  retryAfterSeconds?: number;
};

const TIMEOUT_CODES = new Set([
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);
const CREDENTIALS_REFUSED = new Set([
  'ExpiredTokenException',
  'ExpiredToken',
  'UnrecognizedClientException',
  'InvalidClientTokenId',
]);
/** What is wrong lies in the configuration, though Bedrock blames the request. */
const MISCONFIGURED =
  /inference profile|model identifier is invalid|on-demand throughput|end of its life/i;

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
  if (error instanceof BedrockDeadlineError || TIMEOUT_CODES.has(code ?? '')) {
    return timedOut(model, error);
  }
  if (error instanceof AnswerTooLongError) return garbled(model, error);
  return new DependencyError(
    `Bedrock cannot be reached for model "${model}" at the moment. Try again shortly.`,
    {
      kind: 'unavailable',
      retryable: true,
      retryAfterSeconds: 2,
      code: 'model_unavailable',
      cause: error,
    },
  );
}

/** Explains an answer that makes no sense. */
export function garbled(model: string, cause?: unknown): DependencyError {
  return new DependencyError(
    `Bedrock answered something for model "${model}" that cannot be understood. Try again; if it persists, tell the environment's owner.`,
    { kind: 'failed', retryable: true, code: 'model_answer_garbled', cause },
  );
}

/** Explains a stream that ends before the model said that it is done. */
export function cutShort(model: string): DependencyError {
  return new DependencyError(
    `Bedrock ended the answer of model "${model}" too early. Try again.`,
    { kind: 'failed', retryable: true, code: 'model_stream_cut' },
  );
}

/** Reads which exception an answer is. */
export function readException({
  status,
  headers,
  body,
}: BedrockAnswer): BedrockException {
  let parsed: Record<string, unknown> = {};
  try {
    parsed = JSON.parse(body.toString('utf8')) ?? {};
  } catch {
    // A proxy in between answers as it likes; the status still tells something.
  }
  const type = headers['x-amzn-errortype'] ?? parsed.__type ?? parsed.code;
  const message = parsed.message ?? parsed.Message;
  const retryAfter = Number(headers['retry-after'] ?? NaN);
  return {
    name: nameOf(type) ?? nameByStatus(status),
    message: typeof message === 'string' ? message : undefined,
    retryAfterSeconds: retryAfter >= 0 ? retryAfter : undefined,
  };
}

/** Whether AWS does not know, or no longer takes, the credentials themselves. */
export function refusesCredentials({ name }: BedrockException): boolean {
  return CREDENTIALS_REFUSED.has(name);
}

/**
 * Explains an exception. What Bedrock says is passed on only where it is about what the
 * caller sent: its other messages name roles, accounts and resources.
 */
export function fromException(
  exception: BedrockException,
  model: string,
): DomainError {
  const { name, message = '', retryAfterSeconds } = exception;
  const cause = new Error(`${name}: ${message}`);
  const failed = (
    sentence: string,
    retryable: boolean,
    code = 'model_failed',
  ) =>
    new DependencyError(sentence, { kind: 'failed', retryable, code, cause });

  switch (name.replace(/Exception$/, '')) {
    case 'Validation':
      return refusedRequest(message, model, cause);
    case 'Throttling':
    case 'TooManyRequests':
    case 'ServiceQuotaExceeded':
      return new LimitExceededError(
        `Bedrock is at its limit for model "${model}". Try again later.`,
        {
          retryAfterSeconds: retryAfterSeconds ?? 5,
          code: 'model_rate_limited',
          cause,
        },
      );
    case 'ModelTimeout':
      return timedOut(model, cause);
    case 'ModelNotReady':
    case 'ServiceUnavailable':
      return new DependencyError(
        `Model "${model}" is overloaded or starting on Bedrock. Try again shortly.`,
        {
          kind: 'unavailable',
          retryable: true,
          retryAfterSeconds: retryAfterSeconds ?? 2,
          code: 'model_unavailable',
          cause,
        },
      );
    case 'AccessDenied':
      return failed(
        `This environment may not invoke model "${model}" on Bedrock. Ask the environment's owner to allow it or choose another model.`,
        false,
        'model_access_denied',
      );
    case 'ResourceNotFound':
      return misconfigured(model, cause);
    case 'InternalServer':
    case 'InternalFailure':
    case 'ModelStreamError':
      return failed(`Bedrock failed on model "${model}". Try again.`, true);
    case 'ModelError':
      return failed(
        `Model "${model}" failed on this request. Try again; if it persists, change the request.`,
        true,
      );
    default:
      // New ones are possible after a refresh only where the credentials were the matter.
      return failed(
        `Bedrock refuses this environment's call of model "${model}". Tell the environment's owner.`,
        refusesCredentials(exception),
        'model_call_refused',
      );
  }
}

function refusedRequest(
  message: string,
  model: string,
  cause: Error,
): DomainError {
  if (MISCONFIGURED.test(message)) return misconfigured(model, cause);
  const said = message
    ? `: ${withoutIdentifiers(message).slice(0, 500)}`
    : '. Check the parameters against what the model supports.';
  return new InvalidInputError(`Model "${model}" refuses the request${said}`, {
    code: 'model_refused_request',
    cause,
  });
}

function misconfigured(model: string, cause: Error): DependencyError {
  return new DependencyError(
    `Bedrock does not offer model "${model}" the way this environment asks for it. Choose another model or tell the environment's owner.`,
    { kind: 'failed', retryable: false, code: 'model_misconfigured', cause },
  );
}

function timedOut(model: string, cause: unknown): DependencyError {
  return new DependencyError(
    `Model "${model}" did not answer in time. Try again, or ask for fewer tokens.`,
    { kind: 'timeout', retryable: true, code: 'model_timeout', cause },
  );
}

/** Names of resources and accounts are nobody's business. */
function withoutIdentifiers(message: string): string {
  return message
    .replaceAll(/\barn:[^\s"'`,;)\]]+/gi, '(resource)')
    .replaceAll(/\b\d{12}\b/g, '(account)');
}

/** `ns#ThrottlingException:http://…` and a stream's `throttlingException` are one. */
export function nameOf(type: unknown): string | undefined {
  if (typeof type !== 'string') return undefined;
  const bare = type.split(':')[0].split('#').at(-1)!.trim();
  return bare === '' ? undefined : bare[0].toUpperCase() + bare.slice(1);
}

function nameByStatus(status: number): string {
  switch (status) {
    case 400:
      return 'ValidationException';
    case 403:
      return 'AccessDeniedException';
    case 404:
      return 'ResourceNotFoundException';
    case 408:
    case 504:
      return 'ModelTimeoutException';
    case 413:
      return 'ValidationException';
    case 429:
      return 'ThrottlingException';
    case 502:
    case 503:
      return 'ServiceUnavailableException';
    default:
      return status >= 500 ? 'InternalServerException' : 'UnknownException';
  }
}
