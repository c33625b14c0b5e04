import type {
  AuditorService,
  LoggerService,
  PermissionsService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import type { PermissionRuleset } from '@backstage/plugin-permission-node';
import type {
  Environment,
  RESOURCE_TYPE_GENAI_ENVIRONMENT,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import type { Knex } from 'knex';
import type { LimitsConfig } from '../config';
import { ApplicationStore } from '../database/ApplicationStore';
import type { EnvironmentStore } from '../database/EnvironmentStore';
import type { EventStore } from '../database/EventStore';
import type { EnvironmentFilter } from '../database/filter';
import type { EnvironmentRow } from '../database/rows';
import { ApplicationService } from './ApplicationService';
import type { ChangeFeed } from './ChangeFeed';
import { EnvironmentAuthorizer } from './EnvironmentAuthorizer';
import { EnvironmentGate } from './EnvironmentGate';
import { EnvironmentService } from './EnvironmentService';
import { InsightService } from './InsightService';
import { OperationService } from './OperationService';
import { Preflight } from './Preflight';
import type { ProvisionerRegistry } from './ProvisionerRegistry';
import { SecretService } from './SecretService';
import { TimelineService } from './TimelineService';

/** Long enough for a running environment to honour a change, short for a person. */
const OBSERVE_TIMEOUT_MS = 5_000;

/** Composes the one way in: every door to environments goes through what this returns. */
export function createEnvironmentService(options: {
  knex: Knex;
  now: () => number;
  environments: EnvironmentStore;
  events: EventStore;
  feed: ChangeFeed;
  registry: ProvisionerRegistry;
  ruleset: PermissionRuleset<
    Environment,
    EnvironmentFilter,
    typeof RESOURCE_TYPE_GENAI_ENVIRONMENT
  >;
  permissions: PermissionsService;
  userInfo: UserInfoService;
  auditor: AuditorService;
  logger: LoggerService;
  limits: LimitsConfig;
  onChanged: (row: EnvironmentRow) => void;
}): EnvironmentService {
  const authorizer = new EnvironmentAuthorizer(options);
  const gate = new EnvironmentGate({ ...options, authorizer });
  const applications = new ApplicationStore(options.knex);
  return new EnvironmentService({
    ...options,
    authorizer,
    gate,
    preflight: new Preflight({ ...options, authorizer }),
    applications: new ApplicationService({
      ...options,
      gate,
      applications,
      maxPerEnvironment: options.limits.maxApplicationsPerEnvironment,
      observeTimeoutMs: OBSERVE_TIMEOUT_MS,
    }),
    secrets: new SecretService({ ...options, gate, applications }),
    timeline: new TimelineService({ ...options, gate }),
    insights: new InsightService({ ...options, gate }),
    operations: new OperationService({ ...options, gate }),
  });
}
