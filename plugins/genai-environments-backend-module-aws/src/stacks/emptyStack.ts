import type { StackState } from '../aws/stackRecords';
import type { Step } from '../reconcile/Step';

/**
 * Takes out what keeps resources of a stack from being deleted: buckets, repositories and
 * vector stores have to be empty.
 *
 * @returns `false` when there is more than one step can take out
 */
export async function emptyStack(
  { aws, signal }: Step,
  stack: Pick<StackState, 'id'>,
): Promise<boolean> {
  const { storage, cloudFormation } = aws;
  let isEmpty = true;
  for (const resource of await cloudFormation.listResources(stack)) {
    const { type, physicalId, status } = resource;
    if (!physicalId || status === 'DELETE_COMPLETE') continue;
    signal.throwIfAborted();
    if (type === 'AWS::S3::Bucket') {
      isEmpty = (await storage.emptyBucket(physicalId)) && isEmpty;
    } else if (type === 'AWS::S3Vectors::VectorBucket') {
      const bucket = physicalId.split('/').at(-1)!;
      isEmpty = (await storage.emptyVectorBucket(bucket)) && isEmpty;
    } else if (type === 'AWS::ECR::Repository') {
      isEmpty = (await storage.emptyRepository(physicalId)) && isEmpty;
    }
  }
  return isEmpty;
}
