import { randomBytes } from 'node:crypto';
import { InputError, NotFoundError } from '@backstage/errors';
import type {
  LogLine,
  ModelInfo,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import type {
  DesiredEnvironment,
  EnvironmentIdentity,
  Provisioner,
  ReconcileContext,
  ReconcileOutcome,
} from '@genai-environments/backstage-plugin-genai-environments-node';

/** What "really" exists, shared by the fake provisioners of several replicas. */
export class FakeWorld {
  /** Steps already taken toward each environment. */
  readonly environments = new Map<string, { steps: number }>();
  /** Secrets by `clientId/version`, until taken. */
  readonly secrets = new Map<string, string>();
  /** Every secret ever made, taken or not. */
  readonly allSecrets = new Map<string, string>();
  /** Most reconciles that ever ran at once for one environment. */
  maxConcurrency = 0;
  private readonly running = new Map<string, number>();

  enter(uid: string): void {
    const running = (this.running.get(uid) ?? 0) + 1;
    this.running.set(uid, running);
    this.maxConcurrency = Math.max(this.maxConcurrency, running);
  }

  leave(uid: string): void {
    this.running.set(uid, (this.running.get(uid) ?? 0) - 1);
  }
}

/**
 * Provisioner whose infrastructure is a map, for tests. Creates and removes in
 * `totalSteps` steps; `intercept` can delay, fail or replace any step.
 */
export class FakeProvisioner implements Provisioner {
  readonly id = 'fake';
  readonly calls: DesiredEnvironment[] = [];
  readonly world: FakeWorld;
  totalSteps: number;
  requeueAfterMs = 60_000;
  models: ModelInfo[] = ['fake.text', 'fake.other'].map(id => ({
    id,
    name: id,
    kind: 'text',
    provider: 'fake',
  }));
  intercept?: (
    desired: DesiredEnvironment,
    context: ReconcileContext,
  ) => Promise<ReconcileOutcome | void>;
  takeSecretError?: Error;
  canHibernate = true;
  canScale = true;
  /** What every environment logs; a cursor is how many lines were read. */
  logLines: LogLine[] = [];
  isShutDown = false;
  private listener?: (uid: string) => void;

  constructor(options: { world?: FakeWorld; totalSteps?: number } = {}) {
    this.world = options.world ?? new FakeWorld();
    this.totalSteps = options.totalSteps ?? 2;
  }

  async getInfo() {
    return {
      id: this.id,
      title: 'Fake',
      description: 'For tests',
      tiers: ['sandbox' as const],
      regions: ['here'],
      services: ['model-invocation' as const, 'app' as const],
      canHibernate: this.canHibernate,
      canScale: this.canScale,
    };
  }

  async listModels() {
    return this.models;
  }

  async plan() {
    return {
      problems: [],
      resources: [{ type: 'map', name: 'entry', description: 'An entry' }],
      monthlyCost: { amount: 0, currency: 'USD' },
    };
  }

  async reconcile(
    desired: DesiredEnvironment,
    context: ReconcileContext,
  ): Promise<ReconcileOutcome> {
    this.calls.push(desired);
    this.world.enter(desired.uid);
    try {
      const replaced = await this.intercept?.(desired, context);
      if (replaced) return replaced;
      return desired.deletionRequested
        ? this.remove(desired)
        : this.create(desired);
    } finally {
      this.world.leave(desired.uid);
    }
  }

  async takeSecret(
    _: EnvironmentIdentity,
    application: { clientId: string; secretVersion: number },
  ): Promise<string> {
    if (this.takeSecretError) throw this.takeSecretError;
    const key = `${application.clientId}/${application.secretVersion}`;
    const secret = this.world.secrets.get(key);
    if (!secret) throw new NotFoundError('No such secret');
    this.world.secrets.delete(key);
    return secret;
  }

  async getOpenApi({ name }: EnvironmentIdentity) {
    return { openapi: '3.1.0', info: { title: name } };
  }

  async getUsage(_: EnvironmentIdentity, range: { from: string; to: string }) {
    return [
      {
        clientId: 'client',
        model: 'fake.text',
        day: range.to,
        invocations: 1,
        failedInvocations: 0,
        inputTokens: 2,
        outputTokens: 3,
      },
    ];
  }

  async getLogs(
    _: EnvironmentIdentity,
    request: Parameters<Provisioner['getLogs']>[1],
  ) {
    const { after, limit, service } = request;
    if (after !== undefined && !/^\d+$/.test(after)) {
      throw new InputError(`Field "after" is no cursor; received "${after}".`);
    }
    const { length } = this.logLines;
    const start =
      after === undefined ? Math.max(0, length - limit) : Number(after);
    const lines = this.logLines.slice(start, start + limit);
    return {
      items: lines.filter(line => !service || line.service === service),
      cursor: String(start + lines.length),
    };
  }

  subscribe(listener: (uid: string) => void): void {
    this.listener = listener;
  }

  /** Tells the backend that something may have changed by itself. */
  hint(uid: string): void {
    this.listener?.(uid);
  }

  async shutdown(): Promise<void> {
    this.isShutDown = true;
  }

  private create(desired: DesiredEnvironment): ReconcileOutcome {
    const environment = this.world.environments.get(desired.uid) ?? {
      steps: 0,
    };
    this.world.environments.set(desired.uid, environment);
    if (environment.steps < this.totalSteps) environment.steps++;
    if (environment.steps < this.totalSteps) {
      return this.outcome('Provisioning', desired, {
        progress: {
          completedSteps: environment.steps,
          totalSteps: this.totalSteps,
          currentStep: 'Making it',
        },
        requeueAfterMs: 0,
      });
    }
    for (const { kind, clientId, secretVersion } of desired.applications) {
      const key = `${clientId}/${secretVersion}`;
      if (kind === 'external' && !this.world.allSecrets.has(key)) {
        const secret = randomBytes(24).toString('base64url');
        this.world.secrets.set(key, secret);
        this.world.allSecrets.set(key, secret);
      }
    }
    const wasReady =
      desired.status.phase === 'Ready' &&
      desired.status.observedGeneration === desired.generation;
    const phase = desired.spec.hibernated ? 'Hibernated' : 'Ready';
    return this.outcome(phase, desired, {
      observedGeneration: desired.generation,
      services: [{ name: 'model-invocation', health: 'healthy' }],
      outputs: { endpoint: 'http://127.0.0.1:1' },
      applications: desired.applications.map(({ id, revision }) => ({
        id,
        revision,
      })),
      events: wasReady
        ? []
        : [{ type: 'Normal', reason: 'Ready', message: 'It runs.' }],
    });
  }

  private remove(desired: DesiredEnvironment): ReconcileOutcome {
    const environment = this.world.environments.get(desired.uid);
    if (environment && environment.steps > 1) {
      environment.steps--;
      return this.outcome('Deleting', desired, { requeueAfterMs: 0 });
    }
    this.world.environments.delete(desired.uid);
    return this.outcome('Deleted', desired, {
      events: [{ type: 'Normal', reason: 'Deleted', message: 'It is gone.' }],
    });
  }

  outcome(
    phase: ReconcileOutcome['phase'],
    desired: DesiredEnvironment,
    overrides: Partial<ReconcileOutcome> = {},
  ): ReconcileOutcome {
    return {
      phase,
      observedGeneration: desired.status.observedGeneration,
      conditions: [],
      services: [],
      outputs: {},
      events: [],
      applications: [],
      requeueAfterMs: this.requeueAfterMs,
      ...overrides,
    };
  }
}
