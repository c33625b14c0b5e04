import type { LoggerService } from '@backstage/backend-plugin-api';
import type { EnvironmentStatus } from '@genai-environments/backstage-plugin-genai-environments-common';
import type {
  DesiredEnvironment,
  ReconcileOutcome,
} from '@genai-environments/backstage-plugin-genai-environments-node';
import type { Agent } from 'undici';
import type { LocalConfig } from '../config';
import type { DataDirectory } from '../files/DataDirectory';
import type {
  EnvironmentDirectory,
  EnvironmentRecord,
} from '../files/EnvironmentDirectory';
import type { Supervision } from '../files/supervision';
import type { PortAllocator } from '../process/PortAllocator';
import type { ProcessTable } from '../process/ProcessTable';
import type { BundledApp } from '../repository/BundledApp';
import type { LocalRepositories } from '../repository/LocalRepositories';
import type { ControlClient } from '../runtime/ControlClient';
import type { RuntimeBundle } from '../runtime/RuntimeBundle';
import type { RuntimeLauncher } from '../runtime/RuntimeLauncher';
import type { CredentialStore } from '../secrets/CredentialStore';
import type { LaunchPlan } from './planLaunch';

/** What steps work with; lives as long as the provisioner. */
export type Dependencies = {
  config: LocalConfig;
  dataDirectory: DataDirectory;
  repositories: LocalRepositories;
  processes: ProcessTable;
  launcher: RuntimeLauncher;
  bundle: RuntimeBundle;
  ports: PortAllocator;
  agent: Agent;
  /** The app of environments without a repository. */
  bundledApp: BundledApp;
  /** The backend's environment variables; few are passed on. */
  inherited: Record<string, string | undefined>;
  now: () => number;
};

/** One call of `reconcile`. */
export type Step = {
  dependencies: Dependencies;
  desired: DesiredEnvironment;
  directory: EnvironmentDirectory;
  /** Needed for what shall exist only: making it may make the portal's key. */
  loadCredentials: () => Promise<CredentialStore>;
  logger: LoggerService;
  signal: AbortSignal;
  /** What happened so far. */
  events: ReconcileOutcome['events'];
};

/** A step of an environment whose directory is there. */
export type PreparedStep = Step & {
  record: EnvironmentRecord;
  supervision: Supervision;
  control: ControlClient;
  plan: LaunchPlan;
  /** The runtime that answers, once it does. */
  runtime?: EnvironmentStatus['outputs']['runtime'];
};

export function note(step: Step, reason: string, message: string) {
  step.events.push({ type: 'Normal', reason, message });
}

export function warn(step: Step, reason: string, message: string) {
  step.events.push({ type: 'Warning', reason, message });
}

/** Remembers `change` on disk and in the step. */
export async function supervise(
  step: PreparedStep,
  change: Partial<Supervision>,
): Promise<void> {
  step.supervision = { ...step.supervision, ...change };
  await step.directory.writeSupervision(step.supervision);
}
