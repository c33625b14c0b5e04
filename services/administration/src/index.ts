/**
 * Administration service: applications, limits, usage and health of an environment.
 *
 * @packageDocumentation
 */
export {
  type AdministrationOptions,
  createAdministration,
} from './createAdministration';
export {
  ADMIN_SCOPE,
  bearerKey,
  type ServiceCredential,
} from './routes/adminAuth';
export type * from './ports/ApplicationAdmin';
export type * from './ports/LimitAdmin';
export type * from './ports/MetricsSource';
export type { PlatformInfo } from './ports/PlatformInfo';
