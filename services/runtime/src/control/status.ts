import type { ServiceHealth } from '@genai-environments/service-kit';
import type { AppStatus } from '../app/AppSupervisor';
import type { RuntimeConfig } from '../config';
import type { Release, ReleaseSource } from '../release';

/** As `ServiceStatus` of the environment's API. */
export type ServiceStatus = {
  name: string;
  health: 'healthy' | 'unhealthy' | 'starting' | 'stopped' | 'unknown';
  message?: string;
  startedAt?: string;
  url?: string;
};

/** Answer of `GET /control/status`. */
export type RuntimeStatus = {
  uid: string;
  name: string;
  pid: number;
  version: string;
  source: ReleaseSource;
  startedAt: string;
  configHash: string;
  services: ServiceStatus[];
  workers: ServiceStatus[];
  applications: Array<{ clientId: string; revision: number }>;
};

/** Looks at everything the runtime hosts. */
export async function describeRuntime(options: {
  config: RuntimeConfig;
  release: Release;
  startedAt: Date;
  /** Those that the provisioner decides about. */
  applications: Array<{ clientId: string; revision: number }>;
  health: () => Promise<Record<string, ServiceHealth>>;
  workerHealth: () => Promise<Record<string, ServiceHealth>>;
  app?: { status: AppStatus };
}): Promise<RuntimeStatus> {
  const { config, app } = options;
  const startedAt = options.startedAt.toISOString();
  const toStatus = ([name, health]: [string, ServiceHealth]): ServiceStatus =>
    health.status === 'UP'
      ? { name, health: 'healthy', startedAt }
      : { name, health: 'unhealthy', message: health.reason, startedAt };
  const [mounted, workers] = await Promise.all(
    [options.health(), options.workerHealth()].map(async found =>
      Object.entries(await found).map(toStatus),
    ),
  );
  // What was asked for, not what comes along with it, as the MCP endpoint does.
  const asked = new Set<string>(config.services);
  const services = mounted.filter(({ name }) => asked.has(name));
  return {
    uid: config.environment.uid,
    name: config.environment.name,
    pid: process.pid,
    ...options.release,
    startedAt,
    configHash: config.configHash,
    services: app
      ? [
          ...services,
          { name: 'app', ...app.status, url: `${config.publicUrl}/app/` },
        ]
      : services,
    workers,
    applications: options.applications.map(({ clientId, revision }) => ({
      clientId,
      revision,
    })),
  };
}
