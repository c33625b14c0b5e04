import type { LoggerService } from '@backstage/backend-plugin-api';
import type {
  DesiredEnvironment,
  ObservedCondition,
  ReconcileOutcome,
} from '@genai-environments/backstage-plugin-genai-environments-node';
import type { TargetAws } from '../aws/TargetAws';
import type { EnvironmentApi } from '../EnvironmentApi';
import type { Blueprints, EnvironmentBlueprint } from '../blueprints/types';

/** One call of `reconcile`. */
export type Step = {
  desired: DesiredEnvironment;
  aws: TargetAws;
  blueprints: Blueprints;
  now: () => number;
  secretRotationGraceMs: number;
  /** The API of the environment, by the outputs of its base. */
  apiOf: (core: Record<string, string>) => EnvironmentApi;
  /** A new secret for an application. */
  newSecret: () => string;
  logger: LoggerService;
  signal: AbortSignal;
  /** What happened so far. */
  events: ReconcileOutcome['events'];
  /** Of secrets that end by themselves: as known before, until clients were looked at. */
  graces: ObservedCondition[];
  /** Attempts at the current generation that failed. */
  failedAttempts: number;
};

/** A step toward something that exists, in an account that is ready for it. */
export type BuildStep = Step & {
  blueprint: EnvironmentBlueprint;
  /** Outputs of the account's foundation. */
  foundation: Record<string, string>;
};

export function note(step: Step, reason: string, message: string) {
  step.events.push({ type: 'Normal', reason, message });
}

export function warn(step: Step, reason: string, message: string) {
  step.events.push({ type: 'Warning', reason, message });
}

/** Of the last outcome: a hint that is lost at worst with the record itself. */
export function readFailedAttempts(desired: DesiredEnvironment): number {
  const attempts = desired.status.conditions.find(
    ({ type }) => type === 'Attempts',
  );
  const [, count, generation] =
    /^Attempt(\d+)OfGeneration(\d+)$/.exec(attempts?.reason ?? '') ?? [];
  return Number(generation) === desired.generation ? Number(count) : 0;
}
