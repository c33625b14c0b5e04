import type { TargetAws } from '../aws/TargetAws';

/**
 * Name of the runtime's image when nobody has pushed it. Looked for where the portal may
 * look: in repositories `genai-*` of the target's own account and region.
 *
 * @throws AwsCallError
 */
export async function findMissingImage(
  { storage, target }: TargetAws,
  image: string,
): Promise<string | undefined> {
  const { accountId, region } = target;
  const [, registry, repository, tag] =
    /^([^/]+)\/(genai-[^:@]+)(?::([^@]+))?$/.exec(image) ?? [];
  const isOwn = registry?.startsWith(`${accountId}.dkr.ecr.${region}.`);
  if (!isOwn) return undefined;
  const digest = await storage.findImage(repository, tag ?? 'latest');
  return digest ? undefined : image;
}
