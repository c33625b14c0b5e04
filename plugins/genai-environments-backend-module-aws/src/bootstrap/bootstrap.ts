import { PutObjectCommand } from '@aws-sdk/client-s3';
import { templateKey } from '../stacks/parameters';
import { callAws } from './callAws';
import { deployFoundation } from './deployFoundation';
import { describePlan, describeRest } from './describePlan';
import { protectFoundation } from './protectFoundation';
import { type BootstrapContext, findMissing, hasImage, survey } from './survey';

/**
 * Prepares an account and region for environments: prints the plan, and carries it out when
 * that was asked for. Doing it again changes nothing, or finishes what was interrupted.
 *
 * @throws BootstrapError
 */
export async function bootstrap(context: BootstrapContext): Promise<void> {
  const { blueprints, asked, print } = context;
  const { manifest } = blueprints;
  const found = await survey(context);
  const { accountId } = found;
  const template = blueprints.readTemplate(manifest.foundation);
  print(describePlan({ manifest, asked, found, template }));
  const isDone =
    found.change === 'none' &&
    found.missing.length === 0 &&
    found.stack!.isProtected;
  if (!isDone && !asked.isConfirmed) {
    print('\nNothing was changed. Add --yes to carry this out.');
    return;
  }
  const stack =
    found.change === 'none'
      ? found.stack!
      : await deployFoundation(context, found);
  const { outputs } = stack;
  await protectFoundation(context, stack);
  await upload(context, outputs.TemplateBucketName, accountId);
  const { RuntimeRepositoryUri } = outputs;
  const now = {
    ...found,
    hasImage: await hasImage(context, RuntimeRepositoryUri),
  };
  print(`\n${describeRest({ manifest, asked, found: now, outputs })}`);
}

async function upload(
  context: BootstrapContext,
  bucket: string,
  accountId: string,
): Promise<void> {
  const { clients, blueprints, print } = context;
  for (const stack of await findMissing(context, bucket, accountId)) {
    await callAws('s3:PutObject', () =>
      clients.s3.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: templateKey(blueprints.manifest, stack),
          Body: blueprints.readTemplate(stack),
          ContentType: 'application/json',
          ExpectedBucketOwner: accountId,
        }),
      ),
    );
    print(`Uploaded ${stack.template}`);
  }
}
