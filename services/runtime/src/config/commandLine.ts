import { parseArgs } from 'node:util';
import { ConfigError } from './errors';
import {
  HOSTED_SERVICES,
  HOSTED_WORKERS,
  HostedService,
  HostedWorker,
  WORKER_SERVICES,
} from './services';

/** What a process is for. */
export type Roles = { services: HostedService[]; workers: HostedWorker[] };

/**
 * Reads `--services all|a,b` (all without the option) and `--workers all|none|a,b` (without
 * the option, the workers of the services). Empty lists are allowed: an environment may
 * consist of its app alone.
 *
 * @throws ConfigError
 */
export function parseRoles(argv: string[]): Roles {
  const options = parseOptions(argv);
  const services = parseNames(options.services ?? 'all', {
    option: '--services',
    what: 'services',
    known: HOSTED_SERVICES,
  });
  if (options.workers === undefined) {
    return {
      services,
      workers: HOSTED_WORKERS.filter(name =>
        services.includes(WORKER_SERVICES[name]),
      ),
    };
  }
  const workers = parseNames(options.workers, {
    option: '--workers',
    what: 'workers',
    known: HOSTED_WORKERS,
  });
  return { services, workers };
}

/** A process that answers no caller and only works off what others put into queues. */
export function isWorkerProcess(roles: Roles): boolean {
  return roles.services.length === 0 && roles.workers.length > 0;
}

function parseOptions(argv: string[]): { services?: string; workers?: string } {
  try {
    return parseArgs({
      args: argv,
      options: {
        services: { type: 'string' },
        workers: { type: 'string' },
      },
    }).values;
  } catch {
    throw new ConfigError(
      'The only options are --services, followed by "all" or by a comma separated list of service names, and --workers, followed by "all", "none" or a comma separated list of worker names.',
    );
  }
}

function parseNames<T extends string>(
  value: string,
  options: { option: string; what: string; known: readonly T[] },
): T[] {
  const { option, what, known } = options;
  if (value === 'all') return [...known];
  if (value === 'none') return [];
  const names = value
    .split(',')
    .map(name => name.trim())
    .filter(Boolean);
  const unknown = names.filter(name => !known.some(each => each === name));
  if (unknown.length > 0) {
    const quoted = unknown.map(name => JSON.stringify(name.slice(0, 63)));
    throw new ConfigError(
      `${option} names ${quoted.join(
        ', ',
      )}, which this runtime does not have. Its ${what} are ${known.join(
        ', ',
      )}.`,
    );
  }
  return known.filter(name => names.includes(name));
}
