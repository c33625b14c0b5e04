type Environment = Record<string, string | undefined>;

const PROXY_VARIABLES = [
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'http_proxy',
  'https_proxy',
];

/** Whether calls to other machines shall go through a proxy. */
export function usesProxy(env: Environment): boolean {
  return PROXY_VARIABLES.some(name => Boolean(env[name]));
}

/**
 * `NO_PROXY` with this machine in it: a proxy elsewhere cannot reach a model server, or
 * the runtime itself, on the loopback interface.
 */
export function noProxyWithLoopback(env: Environment): string {
  const names = (env.no_proxy ?? env.NO_PROXY ?? '')
    .split(/[\s,]+/)
    .filter(Boolean);
  return [...new Set([...names, 'localhost', '127.0.0.1', '::1'])].join(',');
}
