import pino, { DestinationStream, Logger as PinoLogger } from 'pino';

/** Structured logger of every service. */
export type Logger = PinoLogger;

/**
 * Keys whose values never reach a log, at the top and one and two levels down. Prompts
 * and answers are here as a second line of defence: no code logs them in the first place.
 */
const SECRET_KEYS = [
  'authorization',
  'apiKey',
  'api_key',
  'clientSecret',
  'client_secret',
  'access_token',
  'token',
  'secret',
  'secrets',
  'password',
  'cookie',
  'prompt',
  'messages',
  'raw_input',
  'output_text',
  'input_text',
];

/**
 * @param options.level - pino level; default `info`
 * @param options.destination - default standard output
 */
export function createLogger(
  options: {
    level?: string;
    name?: string;
    destination?: DestinationStream;
  } = {},
): Logger {
  const { level = 'info', name, destination } = options;
  return pino(
    {
      level,
      name,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: SECRET_KEYS.flatMap(key => [key, `*.${key}`, `*.*.${key}`]),
        censor: '[redacted]',
      },
      serializers: { err: serializeError },
    },
    destination ?? pino.destination({ dest: 1, sync: false }),
  );
}

/** Only what explains an error: library errors carry requests, bodies and headers along. */
function serializeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    message: error.message,
    ...(code === undefined ? {} : { code }),
    stack: error.stack,
    ...(error.cause !== undefined && depth < 3
      ? { cause: serializeError(error.cause, depth + 1) }
      : {}),
  };
}
