import type { TaggedResource } from '../aws/Account';
import type { StackResourceRecord } from '../aws/stackRecords';
import { isAbsence } from '../errors';
import type { Step } from './Step';

/**
 * Tells what is really left from what AWS merely still lists: keys wait for their end for
 * weeks, ECS keeps what is inactive, and the list of tagged resources lags behind.
 *
 * The record of the stack that made something says whether it was deleted; for most kinds
 * nothing else does. What no record knows (a replaced task definition, a key that somebody
 * deleted by hand) is asked for where AWS has an answer. The rest counts as left.
 */
export class Remains {
  private readonly records = new Map<string, Promise<StackResourceRecord[]>>();

  constructor(private readonly aws: Step['aws']) {}

  /** @throws AwsCallError */
  async isGone(resource: TaggedResource): Promise<boolean> {
    const { arn, stackId } = resource;
    if (stackId) {
      const records = await this.recordsOf(stackId);
      const record = records.find(each => isOf(each, resource));
      if (record?.status === 'DELETE_COMPLETE') return true;
    }
    const [, , service] = arn.split(':');
    if (service === 'kms') return this.aws.keys.isGone(arn);
    if (service === 'ecs') return this.aws.ecs.isGone(arn);
    if (service === 'cloudformation') {
      return (await this.aws.cloudFormation.describe(arn)) === undefined;
    }
    return false;
  }

  private recordsOf(stackId: string): Promise<StackResourceRecord[]> {
    const known = this.records.get(stackId);
    if (known) return known;
    const records = this.read(stackId);
    this.records.set(stackId, records);
    return records;
  }

  private async read(id: string): Promise<StackResourceRecord[]> {
    try {
      return await this.aws.cloudFormation.listResources({ id });
    } catch (error) {
      if (isAbsence(error)) return [];
      throw error;
    }
  }
}

/**
 * Whether the record is of this resource and not of another that the stack had under the
 * same logical id: CloudFormation knows some by ARN, others by name, address or id.
 */
function isOf(
  { logicalId, physicalId }: StackResourceRecord,
  resource: TaggedResource,
): boolean {
  if (logicalId !== resource.logicalId) return false;
  const arn = resource.arn.replace(/:\*$/, '');
  return partsOf(physicalId).includes(partsOf(arn).at(-1)!);
}

function partsOf(id: string): string[] {
  return id.split(/[/:|]/);
}
