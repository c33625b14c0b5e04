import type { EnvironmentSpec } from '@genai-environments/backstage-plugin-genai-environments-common';
import { createHmac } from 'node:crypto';

/**
 * Changes when a running runtime has to be restarted. Keyed: nobody can guess a key of an
 * upstream or collector from the hash in the status.
 */
export function hashLaunch(
  launch: {
    services: string[];
    variables: Record<string, string | undefined>;
    /** Of the bundle; absent when there is none. */
    bundle: string | undefined;
    telemetry: Record<string, string | undefined>;
    restartedAt: number | undefined;
  },
  controlKey: string,
): string {
  const { services, variables, bundle, telemetry, restartedAt } = launch;
  const parts = [services, variables, bundle, telemetry];
  // Not even as null where nobody asked: what runs since before there were restarts stays.
  const asked = restartedAt === undefined ? [] : [restartedAt];
  return createHmac('sha256', controlKey)
    .update(JSON.stringify([...parts, ...asked]))
    .digest('hex');
}

/**
 * When a restart of any service was asked for last, in milliseconds since the epoch: all
 * of them, the app included, are one runtime here.
 */
export function lastRestartOf(spec: EnvironmentSpec): number | undefined {
  const times = Object.values(spec.restarts ?? {}).map(at => Date.parse(at));
  return times.length > 0 ? Math.max(...times) : undefined;
}
