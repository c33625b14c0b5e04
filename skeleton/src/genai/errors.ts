/** Why the environment gave no answer. */
export type EnvironmentErrorCode =
  /** The token endpoint or the API refused this app's credentials. */
  | 'credentials-refused'
  /** A limit of this application was reached. */
  | 'rate-limited'
  /** The environment refused what it was asked, e.g. a text too long for its model. */
  | 'request-refused'
  /** No connection, no answer in time, or an error on its side. */
  | 'unavailable'
  /** It began to answer and stopped half-way. */
  | 'interrupted'
  /** The environment was given no text model. */
  | 'no-model';

const MESSAGES: Record<EnvironmentErrorCode, string> = {
  'credentials-refused':
    'The environment refused this app’s credentials. Ask the environment’s owner whether the app’s application is still enabled.',
  'rate-limited':
    'This app has reached a limit of its environment. Wait a moment, then send it again.',
  'request-refused':
    'The environment refused the request. Try a shorter text, or ask the environment’s owner whether the model is still available.',
  unavailable:
    'The environment cannot answer just now. Try again in a moment; if that does not help, look at its page in the portal.',
  interrupted:
    'The answer broke off before it was complete. Send it again to get a whole one.',
  'no-model':
    'This environment has no text model. Ask its owner to add one, then try again.',
};

/** `message` is a sentence for the person who uses the app. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
  readonly code: EnvironmentErrorCode;
  /** Status the environment answered with, for the log. */
  readonly upstreamStatus?: number;
  readonly retryAfterSeconds?: number;

  constructor(
    code: EnvironmentErrorCode,
    options: {
      cause?: unknown;
      upstreamStatus?: number;
      retryAfterSeconds?: number;
    } = {},
  ) {
    super(MESSAGES[code], { cause: options.cause });
    this.code = code;
    if (options.upstreamStatus !== undefined) {
      this.upstreamStatus = options.upstreamStatus;
    }
    if (options.retryAfterSeconds !== undefined) {
      this.retryAfterSeconds = options.retryAfterSeconds;
    }
  }
}

/** Turns an answer outside 2xx into the error it means. */
export function errorFromStatus(response: Response): EnvironmentError {
  const upstreamStatus = response.status;
  if (upstreamStatus === 401 || upstreamStatus === 403) {
    return new EnvironmentError('credentials-refused', { upstreamStatus });
  }
  if (upstreamStatus === 429) {
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
    return new EnvironmentError('rate-limited', {
      upstreamStatus,
      ...(Number.isFinite(seconds) && seconds >= 0
        ? { retryAfterSeconds: Math.ceil(seconds) }
        : {}),
    });
  }
  return new EnvironmentError(
    upstreamStatus >= 500 ? 'unavailable' : 'request-refused',
    { upstreamStatus },
  );
}
