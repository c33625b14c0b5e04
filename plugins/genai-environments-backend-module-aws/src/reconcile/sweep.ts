import { note, type Step } from './Step';

/**
 * Takes away what a stack left behind. What is listed may be gone already: the list of
 * tagged resources lags behind.
 *
 * @returns ARNs of what is still there and cannot be removed from here
 */
export async function sweep(step: Step, arns: string[]): Promise<string[]> {
  const remains: string[] = [];
  for (const arn of arns) {
    step.signal.throwIfAborted();
    const [, , service, , , resource] = split(arn);
    if (service === 's3') {
      if (!(await sweepBucket(step, resource))) remains.push(arn);
    } else if (service === 'secretsmanager') {
      await step.aws.secrets.delete(arn);
    } else remains.push(arn);
  }
  return remains;
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
