import { InputError } from '@backstage/errors';
import type { AwsCredentialIdentityProvider } from '@aws-sdk/types';
import type { Timing } from './aws/Caller';
import { TargetAws, type TargetAwsOptions } from './aws/TargetAws';
import type { Target } from './config';

export type TargetsOptions = {
  targets: Target[];
  /** Credentials for an account; asked for when they are needed. */
  credentialsOf: (accountId: string) => AwsCredentialIdentityProvider;
  timing: Timing;
  clientOptions?: TargetAwsOptions['clientOptions'];
};

/** The accounts and regions of the configuration, each opened when it is asked for. */
export class Targets {
  private readonly opened = new Map<string, TargetAws>();

  constructor(private readonly options: TargetsOptions) {}

  /** As configuration has them. */
  get ids(): string[] {
    return this.options.targets.map(({ id }) => id);
  }

  /** @throws InputError when configuration does not have the target (any more) */
  get(id: string): TargetAws {
    const opened = this.opened.get(id);
    if (opened) return opened;
    const { targets, credentialsOf, timing, clientOptions } = this.options;
    const target = targets.find(item => item.id === id);
    if (!target) {
      throw new InputError(
        `Region "${id}" is not among genaiEnvironments.aws.targets of the portal's configuration. Ask the platform team to add it.`,
      );
    }
    const credentials = credentialsOf(target.accountId);
    const aws = new TargetAws({ target, credentials, timing, clientOptions });
    this.opened.set(id, aws);
    return aws;
  }

  close(): void {
    for (const aws of this.opened.values()) aws.close();
    this.opened.clear();
  }
}
