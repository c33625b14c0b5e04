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
