import { ConfigError } from './errors';

/** Services that this runtime can host, in the order in which they are listed. */
export const HOSTED_SERVICES = [
  'model-invocation',
  'prompt-management',
] as const;
export type HostedService = (typeof HOSTED_SERVICES)[number];

/**
 * Reads `--services all` or `--services a,b`; without the option it means all. An empty
 * list is allowed: an environment may consist of its app alone.
 */
export function parseServices(argv: string[]): HostedService[] {
  const [option, value, ...rest] = argv;
  if (option === undefined) return [...HOSTED_SERVICES];
  if (option !== '--services' || value === undefined || rest.length > 0) {
    throw new ConfigError(
      'The only option is --services, followed by "all" or by a comma separated list of service names.',
    );
  }
  if (value === 'all') return [...HOSTED_SERVICES];

  const names = value
    .split(',')
    .map(name => name.trim())
    .filter(Boolean);
  const unknown = names.filter(
    name => !(HOSTED_SERVICES as readonly string[]).includes(name),
  );
  if (unknown.length > 0) {
    throw new ConfigError(
      `--services names ${unknown
        .map(name => JSON.stringify(name.slice(0, 63)))
        .join(
          ', ',
        )}, which this runtime does not have; it has ${HOSTED_SERVICES.join(
        ' and ',
      )}.`,
    );
  }
  return HOSTED_SERVICES.filter(name => names.includes(name));
}
