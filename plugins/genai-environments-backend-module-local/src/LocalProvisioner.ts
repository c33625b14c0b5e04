import type { LoggerService } from '@backstage/backend-plugin-api';
import { NotFoundError, ServiceUnavailableError } from '@backstage/errors';
import {
  type CreateEnvironmentRequest,
  type LogPage,
  serviceNameSchema,
  type UsageItem,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import type {
  DesiredEnvironment,
  EnvironmentIdentity,
  Provisioner,
  ReconcileContext,
  ReconcileOutcome,
} from '@genai-environments/backstage-plugin-genai-environments-node';
import { resolveRuntimeEntry } from '@genai-environments/runtime';
import type { LocalConfig } from './config';
import { DataDirectory } from './files/DataDirectory';
import { readLogs } from './logs/readLogs';
import { listLocalModels } from './models';
import { OrphanReport } from './OrphanReport';
import { planLocally } from './plan';
import { createProcessTable } from './process/createProcessTable';
import { PortAllocator } from './process/PortAllocator';
import { converge } from './reconcile/converge';
import type { Dependencies, Step } from './reconcile/Step';
import { tearDown } from './reconcile/tearDown';
import { BundledApp } from './repository/BundledApp';
import { findBundledApp } from './repository/findBundledApp';
import { LocalRepositories } from './repository/LocalRepositories';
import { ControlClient, createLoopbackAgent } from './runtime/ControlClient';
import { RuntimeBundle } from './runtime/RuntimeBundle';
import { RuntimeLauncher } from './runtime/RuntimeLauncher';
import { CredentialStore } from './secrets/CredentialStore';
import { loadPortalKey } from './secrets/portalKey';
import { SecretSealer } from './secrets/SecretSealer';

export type LocalProvisionerOptions = {
  config: LocalConfig;
  logger: LoggerService;
  /** Replaces what is outside of the provisioner; for tests. */
  overrides?: Partial<
    Pick<Dependencies, 'bundle' | 'bundledApp' | 'inherited' | 'now'>
  >;
};

/**
 * Runs environments on the portal's own machine: one runtime process each, with a data
 * directory and a port of the loopback interface of its own.
 *
 * Keeps no state that matters: what must survive is on disk, and the rest is looked at.
 */
export class LocalProvisioner implements Provisioner {
  readonly id = 'local';
  private readonly dependencies: Dependencies;
  private readonly listeners = new Set<(uid: string) => void>();
  private readonly orphans: OrphanReport;
  private sealer?: Promise<SecretSealer>;

  constructor(options: LocalProvisionerOptions) {
    const { config, logger, overrides } = options;
    const dataDirectory = new DataDirectory(config.dataDirectory);
    this.dependencies = {
      config,
      dataDirectory,
      repositories: new LocalRepositories(dataDirectory),
      processes: createProcessTable(),
      launcher: new RuntimeLauncher({
        onExit: uid => this.listeners.forEach(listener => listener(uid)),
      }),
      bundle: new RuntimeBundle(resolveRuntimeEntry),
      ports: new PortAllocator(dataDirectory),
      agent: createLoopbackAgent(),
      bundledApp: new BundledApp(findBundledApp),
      inherited: process.env,
      now: Date.now,
      ...overrides,
    };
    this.orphans = new OrphanReport({ dataDirectory, logger });
  }

  async getInfo(): ReturnType<Provisioner['getInfo']> {
    return {
      id: this.id,
      title: 'This machine',
      description:
        'A process beside the portal, reachable from this machine only. Free, and Ready in about a second.',
      tiers: ['sandbox'],
      regions: ['local'],
      services: serviceNameSchema.options,
    };
  }

  async listModels(): ReturnType<Provisioner['listModels']> {
    return listLocalModels(this.dependencies.config.upstreams);
  }

  plan(request: CreateEnvironmentRequest): ReturnType<Provisioner['plan']> {
    return planLocally(request, this.dependencies);
  }

  async reconcile(
    desired: DesiredEnvironment,
    context: ReconcileContext,
  ): Promise<ReconcileOutcome> {
    const directory = this.dependencies.dataDirectory.environment(desired);
    this.orphans.see(directory.path);
    const step: Step = {
      dependencies: this.dependencies,
      desired,
      directory,
      loadCredentials: () => this.loadCredentials(desired),
      logger: context.logger,
      signal: context.signal,
      events: [],
    };
    context.signal.throwIfAborted();
    return desired.deletionRequested ? tearDown(step) : converge(step);
  }

  async takeSecret(
    environment: EnvironmentIdentity,
    application: { clientId: string; secretVersion: number },
  ): Promise<string> {
    const credentials = await this.loadCredentials(environment);
    return credentials.take(application.clientId, application.secretVersion);
  }

  async getOpenApi(
    environment: EnvironmentIdentity,
  ): Promise<Record<string, unknown>> {
    return this.ask(environment, control => control.getOpenApi());
  }

  async getUsage(
    environment: EnvironmentIdentity,
    range: { from: string; to: string },
  ): Promise<UsageItem[]> {
    return this.ask(environment, control => control.getUsage(range));
  }

  async getLogs(
    environment: EnvironmentIdentity,
    request: Parameters<Provisioner['getLogs']>[1],
  ): Promise<LogPage> {
    const { dataDirectory, now } = this.dependencies;
    return readLogs({
      ...request,
      uid: environment.uid,
      directory: dataDirectory.environment(environment).path,
      now: now(),
    });
  }

  subscribe(listener: (uid: string) => void): void {
    this.listeners.add(listener);
  }

  async shutdown(): Promise<void> {
    this.orphans.stop();
    this.listeners.clear();
    this.dependencies.launcher.close();
    const { agent } = this.dependencies;
    if (!agent.closed) await agent.close();
  }

  private async loadCredentials(identity: EnvironmentIdentity) {
    const { config, dataDirectory, now } = this.dependencies;
    this.sealer ??= loadPortalKey(config, dataDirectory).then(
      key => new SecretSealer(key),
    );
    this.sealer.catch(() => {
      this.sealer = undefined;
    });
    return new CredentialStore({
      path: dataDirectory.environment(identity).credentialsPath,
      uid: identity.uid,
      sealer: await this.sealer,
      graceMs: config.secretRotationGraceMs,
      now,
    });
  }

  private async ask<T>(
    identity: EnvironmentIdentity,
    question: (control: ControlClient) => Promise<T>,
  ): Promise<T> {
    const { dataDirectory, agent } = this.dependencies;
    const directory = dataDirectory.environment(identity);
    const record = await directory.readRecord();
    const key = await directory.readControlKey();
    if (!record || !key) {
      throw new NotFoundError(
        `Environment ${identity.name} does not run on this machine (yet).`,
      );
    }
    const { uid } = identity;
    try {
      return await question(
        new ControlClient({ port: record.port, uid, key, agent }),
      );
    } catch (error) {
      throw new ServiceUnavailableError(
        `Environment ${identity.name} does not answer just now. Look at its status.`,
        error,
      );
    }
  }
}
