import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { isAbsence } from '../errors';
import type { Caller } from './Caller';
import type { Clients } from './clients';

/** Keys of KMS, read only. */
export class Keys {
  constructor(
    private readonly client: Clients['kms'],
    private readonly caller: Caller,
  ) {}

  /**
   * Whether a key exists no more, or waits for its end: KMS deletes none at once.
   *
   * @throws AwsCallError
   */
  async isGone(arn: string): Promise<boolean> {
    try {
      const { KeyMetadata } = await this.caller.call(
        'kms',
        'kms:DescribeKey',
        () => this.client.send(new DescribeKeyCommand({ KeyId: arn })),
      );
      return KeyMetadata?.DeletionDate !== undefined;
    } catch (error) {
      if (isAbsence(error)) return true;
      throw error;
    }
  }
}
