import {
  AuthOptions,
  Clock,
  ServiceDefinition,
  systemClock,
} from '@genai-environments/service-kit';
import { Administration } from './domain/Administration';
import { Metrics } from './domain/Metrics';
import { createAdministrationService } from './plugin';
import type { ApplicationAdmin } from './ports/ApplicationAdmin';
import type { LimitAdmin } from './ports/LimitAdmin';
import type { MetricsSources } from './ports/MetricsSource';
import type { PlatformInfo } from './ports/PlatformInfo';
import { adminPolicy, ServiceCredential } from './routes/adminAuth';

export type AdministrationOptions = {
  applications: ApplicationAdmin;
  platform: PlatformInfo;
  /** One per service that the environment runs. */
  metrics: MetricsSources;
  /** Absent when the environment invokes no models. */
  limits?: LimitAdmin;
  /** The same as of the app: tokens with the scope `genai/admin` open the routes, too. */
  auth: AuthOptions;
  /** What the portal's backend sends. @see bearerKey */
  isServiceCredential: ServiceCredential;
  clock?: Clock;
};

/** Builds the service; it keeps nothing of its own. */
export function createAdministration(options: AdministrationOptions): {
  service: ServiceDefinition;
} {
  const { platform, clock = systemClock } = options;
  return {
    service: createAdministrationService({
      administration: new Administration(options),
      metrics: new Metrics(options.metrics),
      platform,
      auth: adminPolicy(options),
      clock,
    }),
  };
}
