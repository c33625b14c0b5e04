import { mockServices } from '@backstage/backend-test-utils';
import type {
  EnvironmentSpec,
  ServiceName,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import type {
  EnvironmentIdentity,
  ReconcileOutcome,
} from '@genai-environments/backstage-plugin-genai-environments-node';
import type {
  IssuedCredentials,
  ProvisionerContractHarness,
} from '@genai-environments/backstage-plugin-genai-environments-node/testUtils';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { appendFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalConfig } from '../config';
import {
  LocalProvisioner,
  type LocalProvisionerOptions,
} from '../LocalProvisioner';
import { createProcessTable } from '../process/createProcessTable';
import { isPortFree } from '../process/ports';
import { ensureRuntimeBuilt } from './ensureRuntimeBuilt';
import { writeTestApp } from './testApp';

/** A data directory of its own, and provisioners that work on it, for one test. */
export class LocalWorld implements ProvisionerContractHarness {
  readonly spec: EnvironmentSpec = {
    provisioner: 'local',
    tier: 'sandbox',
    region: 'local',
    models: ['local.extractive'],
    services: ['model-invocation', 'prompt-management'],
  };
  readonly changedSpec: EnvironmentSpec = {
    ...this.spec,
    models: ['local.extractive', 'local.embedding'],
  };
  readonly config: LocalConfig;
  private readonly uids = new Set<string>();
  private readonly ports = new Map<string, number>();

  private constructor(readonly root: string) {
    this.config = {
      dataDirectory: join(root, 'data'),
      upstreams: [],
      modelAliases: {},
      prices: {},
      secretRotationGraceMs: 24 * 3_600_000,
      appDirectory: join(root, 'app'),
    };
  }

  static async create(): Promise<LocalWorld> {
    ensureRuntimeBuilt();
    const world = new LocalWorld(mkdtempSync(join(tmpdir(), 'genai-local-')));
    await writeTestApp(world.config.appDirectory!);
    return world;
  }

  createProvisioner(
    overrides?: LocalProvisionerOptions['overrides'],
  ): LocalProvisioner {
    const provisioner = new LocalProvisioner({
      config: this.config,
      logger: mockServices.logger.mock(),
      overrides,
    });
    // Remembers what there is to be cleaned up.
    const reconcile = provisioner.reconcile.bind(provisioner);
    provisioner.reconcile = async (desired, context) => {
      this.uids.add(desired.uid);
      const outcome = await reconcile(desired, context);
      const { endpoint } = outcome.outputs;
      if (endpoint) this.ports.set(desired.uid, Number(new URL(endpoint).port));
      return outcome;
    };
    return provisioner;
  }

  /** Directory of the environment; may not exist. */
  directoryOf({ name, uid }: EnvironmentIdentity): string {
    return join(
      this.config.dataDirectory,
      'environments',
      `${name}-${uid.slice(0, 8)}`,
    );
  }

  /** Process id that the runtime wrote. */
  runtimePidOf(identity: EnvironmentIdentity): number {
    return this.read(identity, 'runtime.json').pid;
  }

  /** Process id that the provisioner noted. */
  launchedPidOf(identity: EnvironmentIdentity): number {
    return this.read(identity, 'supervision.json').launch.pid;
  }

  portOf(identity: EnvironmentIdentity): number {
    return this.read(identity, 'environment.json').port;
  }

  private read(identity: EnvironmentIdentity, name: string) {
    const path = join(this.directoryOf(identity), name);
    return JSON.parse(readFileSync(path, 'utf8'));
  }

  async canAuthenticate(
    outputs: ReconcileOutcome['outputs'],
    credentials: IssuedCredentials,
  ): Promise<boolean> {
    return (await this.requestToken(outputs, credentials)) !== undefined;
  }

  async listOfferedModels(
    outputs: ReconcileOutcome['outputs'],
    credentials: IssuedCredentials,
  ): Promise<string[]> {
    const token = await this.requestToken(outputs, credentials);
    const response = await fetch(`${outputs.endpoint}/v1/models`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const { data } = (await response.json()) as { data: { id: string }[] };
    return data.map(({ id }) => id).sort();
  }

  async requestToken(
    outputs: ReconcileOutcome['outputs'],
    { clientId, clientSecret }: IssuedCredentials,
  ): Promise<string | undefined> {
    const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
    const response = await fetch(outputs.tokenUrl!, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    const body = (await response.json()) as { access_token?: string };
    return response.ok ? body.access_token : undefined;
  }

  async writeLogs(
    identity: EnvironmentIdentity,
    service: ServiceName,
    messages: string[],
  ): Promise<void> {
    const time = new Date().toISOString();
    const lines = messages.map(
      msg => `${JSON.stringify({ level: 30, time, service, msg })}\n`,
    );
    const path = join(this.directoryOf(identity), 'runtime.log');
    await appendFile(path, lines.join(''));
  }

  async findRemains(identity: EnvironmentIdentity): Promise<string[]> {
    const { uid } = identity;
    const pids = await createProcessTable().find(uid, []);
    const port = this.ports.get(uid);
    const directory = this.directoryOf(identity);
    const apps = port === undefined ? [] : this.appProcessesAt(port);
    return [
      ...pids.map(pid => `process ${pid}`),
      ...apps.map(pid => `process ${pid} of the app`),
      ...(port && !(await isPortFree(port)) ? [`port ${port}`] : []),
      ...(existsSync(directory) ? readdirSync(directory) : []),
    ];
  }

  /** Processes that were told that the environment's API is at this port. */
  appProcessesAt(port: number): number[] {
    return processesWith(`GENAI_ENDPOINT=http://127.0.0.1:${port}`);
  }

  async dispose(): Promise<void> {
    const processes = createProcessTable();
    for (const uid of this.uids) {
      for (const pid of await processes.find(uid, [])) {
        await processes.signalGroup(pid, 'SIGKILL');
      }
    }
    await rm(this.root, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** Ids of processes that have a variable; none where the system has no `/proc`. */
function processesWith(variable: string): number[] {
  if (!existsSync('/proc/self/environ')) return [];
  return readdirSync('/proc')
    .filter(entry => /^\d+$/.test(entry))
    .map(Number)
    .filter(pid => environmentOf(pid).includes(variable));
}

/** Variables of a process, `NAME=value` each; empty when it is gone. */
export function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
