import type { AuthPolicy, Clock } from '@genai-environments/service-kit';
import type { Administration } from '../domain/Administration';
import type { Metrics } from '../domain/Metrics';
import type { PlatformInfo } from '../ports/PlatformInfo';

/** What the routes work with. */
export type RouteDependencies = {
  administration: Administration;
  metrics: Metrics;
  platform: PlatformInfo;
  /** Who may administer. */
  auth: AuthPolicy;
  clock: Clock;
};
