import type { LoggerService } from '@backstage/backend-plugin-api';
import { environmentStatusSchema } from '@genai-environments/backstage-plugin-genai-environments-common';
import { setTimeout as delay } from 'node:timers/promises';
import type {
  DesiredEnvironment,
  Provisioner,
  ReconcileOutcome,
} from '../provisioner';

/** An outcome and everything that came before it in the same drive. */
export type Observed = {
  outcome: ReconcileOutcome;
  outcomes: ReconcileOutcome[];
  events: ReconcileOutcome['events'];
};

const MAX_WAIT_MS = 200;

const SILENT_LOGGER: LoggerService = {
  error() {},
  warn() {},
  info() {},
  debug() {},
  child: () => SILENT_LOGGER,
};

/**
 * Calls `reconcile` as the backend does: again and again, handing each outcome to the
 * next call as the last known status.
 */
export class ProvisionerDriver {
  /** Of all calls; for searching them for what must not be there. */
  readonly outcomes: ReconcileOutcome[] = [];
  private status: DesiredEnvironment['status'];

  constructor(
    private readonly options: {
      desired: DesiredEnvironment;
      /** Asked before each call: may return another instance each time. */
      provisioner: () => Provisioner;
    },
  ) {
    this.status = options.desired.status;
  }

  /** What the environment shall be; change it as an owner would. */
  get desired(): DesiredEnvironment {
    return { ...this.options.desired, status: this.status };
  }

  want(change: Partial<Omit<DesiredEnvironment, 'uid' | 'name' | 'status'>>) {
    Object.assign(this.options.desired, change);
  }

  /** One call. Fails when the outcome is none that the port allows. */
  async step(): Promise<ReconcileOutcome> {
    const outcome = await this.options.provisioner().reconcile(this.desired, {
      logger: SILENT_LOGGER,
      signal: new AbortController().signal,
    });
    assertValid(outcome);
    this.outcomes.push(outcome);
    this.adoptClientIds(outcome);
    this.status = {
      ...outcome,
      conditions: outcome.conditions.map(condition => ({
        ...condition,
        lastTransitionAt: new Date().toISOString(),
      })),
    };
    return outcome;
  }

  /**
   * Steps until `condition` holds, and not longer than `timeoutMs` (default 15 s). Waits
   * as long as the outcome asks for, but never long: looking too early must do no harm.
   */
  async until(
    condition: (outcome: ReconcileOutcome) => boolean,
    { timeoutMs = 15_000 } = {},
  ): Promise<Observed> {
    const deadline = Date.now() + timeoutMs;
    const outcomes: ReconcileOutcome[] = [];
    for (;;) {
      const outcome = await this.step();
      outcomes.push(outcome);
      if (condition(outcome)) {
        const events = outcomes.flatMap(({ events: own }) => own);
        return { outcome, outcomes, events };
      }
      if (Date.now() > deadline) {
        throw new Error(
          `The condition did not hold within ${timeoutMs} ms. Last outcome: ${JSON.stringify(
            outcome,
          )}`,
        );
      }
      await delay(Math.min(outcome.requeueAfterMs, MAX_WAIT_MS));
    }
  }

  /** Until the environment is in `phase` and everything asked for is in force. */
  untilSettled(phase: 'Ready' | 'Deleted'): Promise<Observed> {
    return this.until(
      outcome =>
        outcome.phase === phase &&
        (phase === 'Deleted' || this.isInForce(outcome)),
    );
  }

  /** As the backend does: ids that the issuer chose are the applications' from now on. */
  private adoptClientIds({ applications: observed }: ReconcileOutcome) {
    const { desired } = this.options;
    desired.applications = desired.applications.map(application => ({
      ...application,
      clientId:
        observed.find(({ id }) => id === application.id)?.clientId ??
        application.clientId,
    }));
  }

  private isInForce(outcome: ReconcileOutcome): boolean {
    const { generation, applications } = this.options.desired;
    return (
      outcome.observedGeneration === generation &&
      applications.every(({ id, revision }) =>
        outcome.applications.some(
          observed => observed.id === id && observed.revision === revision,
        ),
      )
    );
  }
}

function assertValid(outcome: ReconcileOutcome) {
  const { conditions, requeueAfterMs, events, ...status } = outcome;
  environmentStatusSchema
    .omit({ conditions: true })
    .parse(JSON.parse(JSON.stringify(status)));
  if (!Number.isFinite(requeueAfterMs) || requeueAfterMs < 0) {
    throw new Error(`requeueAfterMs is ${requeueAfterMs}`);
  }
  if (outcome.phase === 'Degraded' || outcome.phase === 'Failed') {
    const blocking = conditions.find(({ status: value }) => value === 'False');
    if (!blocking?.message || !blocking.nextAction) {
      throw new Error(
        `${outcome.phase} must name a cause and a next action in a condition`,
      );
    }
  }
  for (const { reason, message } of [...conditions, ...events]) {
    if (!/^[A-Z][A-Za-z0-9]*$/.test(reason) || message.trim() === '') {
      throw new Error(`"${reason}: ${message}" is no reason with a message`);
    }
  }
}
