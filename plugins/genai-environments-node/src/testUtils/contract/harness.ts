import type {
  EnvironmentSpec,
  ServiceName,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import type {
  EnvironmentIdentity,
  Provisioner,
  ReconcileOutcome,
} from '../../provisioner';

/** What a caller of an environment holds. */
export type IssuedCredentials = { clientId: string; clientSecret: string };

/** The world of one provisioner, for one test. */
export type ProvisionerContractHarness = {
  /**
   * A provisioner over the same world, as after a restart of the backend: it may share
   * nothing with those made before but what an environment's world itself keeps.
   */
  createProvisioner(): Provisioner;
  /** Valid for the provisioner, of two services or more, without `app`, which some tests add. */
  spec: EnvironmentSpec;
  /** As `spec`, with other models. */
  changedSpec: EnvironmentSpec;
  /** Whether the token issuer of the environment issues a token for the credentials. */
  canAuthenticate(
    outputs: ReconcileOutcome['outputs'],
    credentials: IssuedCredentials,
  ): Promise<boolean>;
  /** Model ids that the environment offers to who holds the credentials. */
  listOfferedModels(
    outputs: ReconcileOutcome['outputs'],
    credentials: IssuedCredentials,
  ): Promise<string[]>;
  /**
   * Lets a service of a running environment log messages, one after the other, in the way
   * of the runtime: structured lines with `time`, `level`, `service` and `msg`. Resolves
   * when they can be read.
   */
  writeLogs(
    environment: EnvironmentIdentity,
    service: ServiceName,
    messages: string[],
  ): Promise<void>;
  /** Everything that still exists of the environment, described; empty: nothing. */
  findRemains(environment: EnvironmentIdentity): Promise<string[]>;
  /** Takes away whatever the test left. Called after each test. */
  dispose(): Promise<void>;
};
