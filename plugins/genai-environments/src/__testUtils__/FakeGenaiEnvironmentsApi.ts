import type {
  Application,
  CreateApplicationRequest,
  CreateEnvironmentRequest,
  Environment,
  EnvironmentEvent,
  EnvironmentSpec,
  EnvironmentStatus,
  Limits,
  ListEnvironmentsRequest,
  LogRequest,
  ModelInfo,
  Phase,
  Plan,
  ProvisionerInfo,
  RequestOptions,
  ScaleServiceRequest,
  ServiceName,
  UpdateEnvironmentRequest,
  UsageItem,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import type { GenaiEnvironmentsApi } from '../api';
import { fakeResponseError } from './fakeErrors';
import { FakeEvents } from './FakeEvents';
import { FakeLogs } from './FakeLogs';
import { applicationFixture, environmentFixture, inDays } from './fixtures';

/** The only secret the fake ever hands out. */
export const FAKE_SECRET = 'fake-secret-for-tests-only';

const LOCAL: ProvisionerInfo = {
  id: 'local',
  title: 'This machine',
  description: 'Runs environments as processes on this machine',
  tiers: ['sandbox'],
  regions: ['local'],
  services: ['model-invocation', 'prompt-management', 'app'],
  isDefault: true,
};

const MODELS: ModelInfo[] = [
  {
    id: 'local.embedding',
    name: 'Local embedding',
    kind: 'embedding',
    provider: 'local',
  },
  {
    id: 'local.extractive',
    name: 'Local extractive',
    kind: 'text',
    provider: 'local',
    description: 'Answers with sentences of the text it is given',
  },
];

/** The backend's API in memory, for tests and for the development app. */
export class FakeGenaiEnvironmentsApi implements GenaiEnvironmentsApi {
  readonly environments = new Map<string, Environment>();
  readonly applications = new Map<string, Application[]>();
  readonly events = new FakeEvents();
  readonly logs = new FakeLogs();
  usage: UsageItem[] = [];
  limits: Limits = {
    defaultLifetime: 'P7D',
    maxLifetime: 'P30D',
    maxEnvironmentsPerOwner: 5,
    owners: ['group:default/payments', 'user:default/ada'],
    publishTargets: ['local'],
  };
  provisioners = [LOCAL];
  models = MODELS;
  planned: Plan = {
    problems: [],
    resources: [
      {
        type: 'process',
        name: 'runtime',
        description: 'One process with all services',
      },
    ],
    monthlyCost: { amount: 0, currency: 'USD' },
  };

  constructor(environments: Environment[] = []) {
    environments.forEach(environment => this.put(environment));
  }

  /** Adds an environment with one event and one application. */
  put(environment: Environment): void {
    const { name } = environment;
    this.environments.set(name, environment);
    this.applications.set(name, [applicationFixture()]);
    this.events.clear(name);
    this.emit(name, {
      message: `${name} was requested.`,
      actor: environment.createdBy,
    });
  }

  /** Changes the status and tells everybody who watches. */
  emit(
    name: string,
    event: Partial<EnvironmentEvent> & { message: string },
    status: Partial<EnvironmentStatus> = {},
  ): void {
    const environment = this.environments.get(name)!;
    const next = {
      ...environment,
      status: { ...environment.status, ...status },
    };
    this.environments.set(name, next);
    this.events.add(name, { phase: next.status.phase, ...event });
  }

  async listEnvironments(request: ListEnvironmentsRequest = {}) {
    const { owner, phase, limit = 50, cursor } = request;
    const matching = [...this.environments.values()]
      .filter(e => !owner || e.owner === owner)
      .filter(e => !phase || e.status.phase === phase)
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .filter(e => !cursor || e.name > cursor);
    const items = matching.slice(0, limit);
    return matching.length > limit
      ? { items, nextCursor: items.at(-1)!.name }
      : { items };
  }

  async getEnvironment(name: string) {
    const environment = this.environments.get(name);
    if (environment) return environment;
    throw await fakeResponseError(404, `There is no environment ${name}.`);
  }

  async createEnvironment(request: CreateEnvironmentRequest) {
    const { name, owner, expiresAfter: _e, requestId: _r, ...spec } = request;
    this.put(
      environmentFixture({
        name,
        owner,
        spec,
        status: { phase: 'Provisioning', services: [], outputs: {} },
      }),
    );
    return this.getEnvironment(name);
  }

  async updateEnvironment(name: string, request: UpdateEnvironmentRequest) {
    const environment = await this.getEnvironment(name);
    const { expiresAfter: _, ...spec } = request;
    this.environments.set(name, {
      ...environment,
      spec: { ...environment.spec, ...spec },
    });
    return this.getEnvironment(name);
  }

  async hibernateEnvironment(name: string) {
    return this.move(name, 'Hibernating');
  }

  async wakeEnvironment(name: string) {
    return this.move(name, 'Updating');
  }

  async deleteEnvironment(name: string) {
    const environment = await this.getEnvironment(name);
    this.environments.set(name, {
      ...environment,
      deletionRequestedAt: new Date().toISOString(),
      deletionRequestedBy: 'user:default/ada',
    });
    this.emit(
      name,
      { message: 'Teardown was requested.', phase: 'Deleting' },
      { phase: 'Deleting' },
    );
    return this.getEnvironment(name);
  }

  private async move(name: string, phase: Phase) {
    await this.getEnvironment(name);
    this.emit(name, { message: `Now ${phase}.`, phase }, { phase });
    return this.getEnvironment(name);
  }

  private async changeSpec(
    name: string,
    change: (spec: EnvironmentSpec) => Partial<EnvironmentSpec>,
  ) {
    const environment = await this.getEnvironment(name);
    const { spec, generation } = environment;
    this.environments.set(name, {
      ...environment,
      generation: generation + 1,
      spec: { ...spec, ...change(spec) },
    });
    return this.move(name, 'Updating');
  }

  async listEvents(name: string, request: { after?: number } = {}) {
    await this.getEnvironment(name);
    return { items: this.events.after(name, request.after) };
  }

  watchEvents(
    name: string,
    request?: { after?: number },
    options?: RequestOptions,
  ) {
    return this.events.watch(name, request, options);
  }

  async listServices(name: string) {
    return { items: (await this.getEnvironment(name)).status.services };
  }

  async scaleService(
    name: string,
    service: ServiceName,
    { tasks }: ScaleServiceRequest,
  ) {
    return this.changeSpec(name, spec => ({
      tasks: { ...spec.tasks, [service]: tasks },
    }));
  }

  async restartService(name: string, service: ServiceName) {
    const now = new Date().toISOString();
    return this.changeSpec(name, spec => ({
      restarts: { ...spec.restarts, [service]: now },
    }));
  }

  async readLogs(name: string, request: LogRequest = {}) {
    await this.getEnvironment(name);
    return this.logs.read(request);
  }

  async getOpenApi() {
    return { openapi: '3.1.0' };
  }

  async getUsage() {
    return { items: this.usage };
  }

  async listApplications(name: string) {
    return { items: [...(this.applications.get(name) ?? [])] };
  }

  async createApplication(name: string, request: CreateApplicationRequest) {
    const added = applicationFixture({ ...request, observed: false });
    this.applications.get(name)!.push(added);
    return added;
  }

  async rotateApplication(name: string, id: string) {
    return this.changeApplication(name, id, application => ({
      secretVersion: application.secretVersion + 1,
      secretState: 'available',
    }));
  }

  async enableApplication(name: string, id: string) {
    return this.changeApplication(name, id, () => ({ enabled: true }));
  }

  async disableApplication(name: string, id: string) {
    return this.changeApplication(name, id, () => ({ enabled: false }));
  }

  async revealSecret(name: string, id: string) {
    const application = this.applications.get(name)!.find(a => a.id === id)!;
    if (application.secretState !== 'available') {
      throw await fakeResponseError(
        409,
        'The secret was revealed already. Rotate it to see a new one.',
      );
    }
    this.changeApplication(name, id, () => ({
      secretState: 'revealed',
      revealedAt: new Date().toISOString(),
      revealedBy: 'user:default/ada',
    }));
    return {
      clientId: application.clientId,
      clientSecret: FAKE_SECRET,
      secretVersion: application.secretVersion,
    };
  }

  async deleteApplication(name: string, id: string) {
    const left = this.applications.get(name)!.filter(a => a.id !== id);
    this.applications.set(name, left);
  }

  async plan(_request: CreateEnvironmentRequest) {
    return { ...this.planned, expiresAt: inDays(7.1) };
  }

  async listProvisioners() {
    return { items: this.provisioners };
  }

  async listModels(_request: { provisioner: string; region: string }) {
    return { items: this.models };
  }

  async getLimits() {
    return this.limits;
  }

  private changeApplication(
    name: string,
    id: string,
    change: (application: Application) => Partial<Application>,
  ): Application {
    const applications = this.applications
      .get(name)!
      .map(a => (a.id === id ? { ...a, ...change(a) } : a));
    this.applications.set(name, applications);
    return applications.find(a => a.id === id)!;
  }
}
