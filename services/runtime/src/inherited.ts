/**
 * Environment variables that a runtime may have of whoever starts it, and an app of its
 * runtime. Everything else, above all secrets and `NODE_OPTIONS`, stays behind.
 *
 * @see docs/runtime-protocol.md
 */
const INHERITED = [
  'PATH',
  'HOME',
  'TMPDIR',
  'LANG',
  'TZ',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'NODE_USE_ENV_PROXY',
  'NODE_EXTRA_CA_CERTS',
  'NODE_USE_SYSTEM_CA',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  // Windows does not start processes without these.
  'SystemRoot',
  'TEMP',
  'TMP',
  'USERPROFILE',
];

/** The variables of `env` that are set and may be inherited. */
export function pickInherited(
  env: Record<string, string | undefined>,
): Record<string, string> {
  return Object.fromEntries(
    INHERITED.flatMap(name => {
      const value = env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Says whose telemetry it is; the runtime is another service than whoever starts it. */
const NOT_OURS = new Set(['OTEL_SERVICE_NAME']);

/**
 * The variables of telemetry that a runtime has of whoever starts it: none unless it is
 * switched on there. For the runtime alone, because headers for the collector are secret.
 */
export function pickTelemetry(
  env: Record<string, string | undefined>,
): Record<string, string> {
  if (!env.GENAI_TELEMETRY || env.GENAI_TELEMETRY === 'off') return {};
  return Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] =>
        /^(GENAI_TELEMETRY|OTEL_)/.test(entry[0]) &&
        !NOT_OURS.has(entry[0]) &&
        entry[1] !== undefined,
    ),
  );
}
