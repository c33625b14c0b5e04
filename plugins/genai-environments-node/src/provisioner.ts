import type { LoggerService } from '@backstage/backend-plugin-api';
import type {
  CreateEnvironmentRequest,
  EnvironmentEvent,
  EnvironmentSpec,
  EnvironmentStatus,
  LogPage,
  LogRequest,
  ModelInfo,
  Plan,
  ProvisionerInfo,
  UsageItem,
} from '@genai-environments/backstage-plugin-genai-environments-common';

/**
 * Turns the spec of environments into running infrastructure.
 *
 * The backend drives it level by level: {@link Provisioner.reconcile} is called again
 * and again, from any replica, possibly after a crash in the middle of the last call,
 * and never twice at the same time for one environment. Implementations look at the
 * real world on each call and keep no state that a restart may not forget.
 *
 * All methods but `reconcile` may reject with `ProvisionerSetupError`, whose message is
 * shown to people; of other failures they learn that the provisioner does not answer.
 */
export interface Provisioner {
  /** Stable id, stored with each environment: `local`, `aws`. */
  readonly id: string;

  /** What can be chosen. Cheap: called for each form. */
  getInfo(): Promise<Omit<ProvisionerInfo, 'isDefault'>>;

  /** Models an environment in `region` can be given. */
  listModels(options: { region: string }): Promise<ModelInfo[]>;

  /**
   * Preflight of a request that is valid by schema: what would be created, what it
   * costs, and why it would be refused. Creates nothing. Models, tiers and regions
   * that {@link getInfo} and {@link listModels} do not list are the backend's to refuse.
   * Also asked when {@link listModels} fails, to say why.
   */
  plan(
    request: CreateEnvironmentRequest,
  ): Promise<Pick<Plan, 'problems' | 'resources' | 'monthlyCost' | 'perUse'>>;

  /**
   * Looks at the real world, takes at most one short step (seconds, not minutes)
   * toward `desired`, and tells what it saw. Must be safe to repeat at any point.
   *
   * Throwing means *could not look or act just now*: the backend records the message
   * as a warning and calls again with growing delay. Use a `Failed` outcome for what no
   * repetition can mend.
   */
  reconcile(
    desired: DesiredEnvironment,
    context: ReconcileContext,
  ): Promise<ReconcileOutcome>;

  /**
   * Hands out the secret of an application and forgets it: the issuer keeps only a
   * digest, so a second call for the same `secretVersion` rejects with `NotFoundError`.
   */
  takeSecret(
    environment: EnvironmentIdentity,
    application: { clientId: string; secretVersion: number },
  ): Promise<string>;

  /** The OpenAPI document of a running environment. */
  getOpenApi(
    environment: EnvironmentIdentity,
  ): Promise<Record<string, unknown>>;

  /**
   * Usage booked by the environment, aggregated by application, model and day (UTC).
   * `from` and `to` are dates `YYYY-MM-DD`, both inclusive.
   */
  getUsage(
    environment: EnvironmentIdentity,
    range: { from: string; to: string },
  ): Promise<UsageItem[]>;

  /**
   * What an environment logs: the newest `limit` lines, or with `after`, the `cursor` of
   * an earlier page, the first `limit` lines since. Oldest first; no line twice and none
   * left out while it is kept. Rejects with `InputError` for a cursor it did not give out.
   */
  getLogs(
    environment: EnvironmentIdentity,
    request: Omit<LogRequest, 'limit'> & { limit: number },
  ): Promise<LogPage>;

  /**
   * Calls `listener` with an environment's `uid` when something about it may have
   * changed by itself, so that it is looked at before its turn. A hint: may be lost.
   */
  subscribe?(listener: (uid: string) => void): void;

  /**
   * The backend is going away. Stop timers and connections; leave environments running.
   */
  shutdown?(): Promise<void>;
}

export type EnvironmentIdentity = { uid: string; name: string };

/** What an environment shall be. */
export type DesiredEnvironment = EnvironmentIdentity & {
  owner: string;
  generation: number;
  spec: EnvironmentSpec;
  /** Teardown was requested: converge to nothing, then answer `Deleted`. */
  deletionRequested: boolean;
  /** All applications that shall exist; others are to be removed. */
  applications: DesiredApplication[];
  /**
   * The last outcomes said that all applications are in force, and none is to be removed.
   * A hint like {@link DesiredEnvironment.status}; absent: not known.
   */
  applicationsObserved?: boolean;
  /** What the last outcome said. A hint, never a substitute for looking. */
  status: EnvironmentStatus;
};

/** What an application shall be. */
export type DesiredApplication = {
  id: string;
  clientId: string;
  name: string;
  kind: 'external' | 'project-app';
  scopes: string[];
  enabled: boolean;
  /** A version that the issuer does not know yet asks for a new secret. */
  secretVersion: number;
  /** Bumped by each change; echo it in the outcome once it is in force. */
  revision: number;
};

export type ReconcileContext = {
  logger: LoggerService;
  /** Aborts when the lease is lost or the backend shuts down: stop soon, change nothing more. */
  signal: AbortSignal;
};

/** What was observed after the step. */
export type ReconcileOutcome = {
  phase: EnvironmentStatus['phase'];
  /** Generation of the spec that is in force. */
  observedGeneration: number;
  conditions: ObservedCondition[];
  services: EnvironmentStatus['services'];
  progress?: EnvironmentStatus['progress'];
  outputs: EnvironmentStatus['outputs'];
  /** What happened in this step, oldest first. Never contains a secret. */
  events: Array<Pick<EnvironmentEvent, 'type' | 'reason' | 'message'>>;
  /**
   * Applications whose `revision` is in force. `clientId` where the issuer chooses the
   * OAuth 2.0 client id itself: from then on it is the application's.
   */
  applications: Array<{ id: string; revision: number; clientId?: string }>;
  /** When to look again, in milliseconds; 0 continues at once. */
  requeueAfterMs: number;
};

/** A condition without its time: the backend notes when the status changed. */
export type ObservedCondition = Omit<
  EnvironmentStatus['conditions'][number],
  'lastTransitionAt'
>;
