import type { TaggedResource } from '../aws/Account';
import { Remains } from './Remains';
import { note, type Step } from './Step';

/**
 * Takes away what a stack left behind.
 *
 * @returns ARNs of what is still there and cannot be removed from here
 */
export async function sweep(
  step: Step,
  tagged: TaggedResource[],
): Promise<string[]> {
  const listed = new Remains(step.aws);
  const remains: string[] = [];
  for (const resource of tagged) {
    step.signal.throwIfAborted();
    if (!(await listed.isGone(resource))) {
      remains.push(...(await remove(step, resource)));
    }
  }
  return remains;
}

/** @returns its ARN when it cannot be removed */
async function remove(step: Step, { arn }: TaggedResource): Promise<string[]> {
  const [, , service, , , resource] = split(arn);
  if (service === 's3') {
    return (await sweepBucket(step, resource)) ? [] : [arn];
  }
  if (service !== 'secretsmanager') return [arn];
  await step.aws.secrets.delete(arn);
  return [];
}

async function sweepBucket(step: Step, bucket: string): Promise<boolean> {
  if (!(await step.aws.storage.emptyBucket(bucket))) return false;
  await step.aws.storage.deleteBucket(bucket);
  note(
    step,
    'RemainsSwept',
    `The bucket ${bucket} was left behind and is removed.`,
  );
  return true;
}

/** `arn:partition:service:region:account:resource`; the resource may have colons. */
function split(arn: string): string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}
