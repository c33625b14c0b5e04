type Fields = Record<string, string | number | boolean | undefined>;

/**
 * Structured log of the app. What people ask, what models answer, and secrets are never
 * fields of it.
 */
export type Logger = {
  info(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
};

/** Writes one JSON object per line to `write` (default: standard output). */
export function createLogger(
  options: { write?: (line: string) => void; now?: () => Date } = {},
): Logger {
  const { write = line => process.stdout.write(line), now = () => new Date() } =
    options;
  const log =
    (level: string) =>
    (msg: string, fields: Fields = {}) =>
      write(
        `${JSON.stringify({
          level,
          time: now().toISOString(),
          msg,
          ...fields,
        })}\n`,
      );
  return { info: log('info'), error: log('error') };
}
