import type { AwsCredentialIdentityProvider } from '@aws-sdk/types';
import type { Target } from '../config';
import { FOUNDATION_STACK } from '../names';
import { Account } from './Account';
import { Bedrock } from './Bedrock';
import { Caller, type Timing } from './Caller';
import { type ClientOptions, type Clients, createClients } from './clients';
import { CloudFormation } from './CloudFormation';
import { Cognito } from './Cognito';
import { Ecs } from './Ecs';
import { FleetView } from './FleetView';
import { Keys } from './Keys';
import { Logs } from './Logs';
import { Secrets } from './Secrets';
import { Storage } from './Storage';

export type TargetAwsOptions = {
  target: Target;
  credentials: AwsCredentialIdentityProvider;
  timing: Timing;
  /** Of an emulator. */
  clientOptions?: Omit<ClientOptions, 'region' | 'credentials'>;
};

const FOUNDATION_KEPT_FOR_MS = 5 * 60_000;

/** AWS in one account and region, as the provisioner needs it. */
export class TargetAws {
  readonly target: Target;
  readonly cloudFormation: CloudFormation;
  readonly cognito: Cognito;
  readonly secrets: Secrets;
  readonly keys: Keys;
  readonly logs: Logs;
  readonly ecs: Ecs;
  readonly storage: Storage;
  readonly account: Account;
  readonly bedrock: Bedrock;
  readonly fleet: FleetView;
  /** The role may not look for drift: found out once, not at each look. */
  isDriftDenied = false;
  private readonly clients: Clients;
  private readonly now: () => number;
  private foundation?: { at: number; outputs: Record<string, string> };

  constructor({
    target,
    credentials,
    timing,
    clientOptions,
  }: TargetAwsOptions) {
    const caller = new Caller(timing);
    const clients = createClients({
      ...clientOptions,
      region: target.region,
      credentials,
    });
    this.target = target;
    this.clients = clients;
    this.now = timing.now;
    this.cloudFormation = new CloudFormation(clients.cloudFormation, caller);
    this.cognito = new Cognito(clients.cognito, caller);
    this.secrets = new Secrets(clients.secrets, caller);
    this.keys = new Keys(clients.kms, caller);
    this.logs = new Logs(clients.logs, caller);
    this.ecs = new Ecs(clients.ecs, caller);
    this.storage = new Storage(clients, caller);
    this.account = new Account(clients, caller);
    this.bedrock = new Bedrock(clients.bedrock, caller, timing.now);
    this.fleet = new FleetView({
      cloudFormation: this.cloudFormation,
      account: this.account,
      now: timing.now,
      random: timing.random,
    });
  }

  /**
   * Outputs of the account's foundation; `undefined` while it is not there or not
   * finished. Kept for five minutes.
   *
   * @throws AwsCallError
   */
  async findFoundation(): Promise<Record<string, string> | undefined> {
    const { foundation } = this;
    if (foundation && this.now() - foundation.at < FOUNDATION_KEPT_FOR_MS) {
      return foundation.outputs;
    }
    const stack = await this.cloudFormation.describe(FOUNDATION_STACK);
    if (!stack?.outputs.TemplateBucketName) return undefined;
    this.foundation = { at: this.now(), outputs: stack.outputs };
    return stack.outputs;
  }

  close(): void {
    this.clients.destroy();
  }
}
