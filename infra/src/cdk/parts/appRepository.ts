import { CfnRepository } from 'aws-cdk-lib/aws-ecr';
import type { BlueprintStack } from '../BlueprintStack';

const IMAGES_KEPT = 20;

/**
 * Tags that move, each to the newest image: of the app, and of services of the project's own.
 * What is deployed is the image that they point at.
 */
export const MOVING_TAGS = ['latest', 'services'];

/** Where the project's pipeline pushes images. All tags but the moving ones stay where they are. */
export function createAppRepository(
  stack: BlueprintStack,
  options: { keyArn: string },
): CfnRepository {
  return new CfnRepository(stack, 'AppRepository', {
    imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
    imageTagMutabilityExclusionFilters: MOVING_TAGS.map(tag => ({
      imageTagMutabilityExclusionFilterType: 'WILDCARD',
      imageTagMutabilityExclusionFilterValue: tag,
    })),
    imageScanningConfiguration: { scanOnPush: true },
    encryptionConfiguration: { encryptionType: 'KMS', kmsKey: options.keyArn },
    lifecyclePolicy: {
      lifecyclePolicyText: JSON.stringify({ rules: lifecycleRules() }),
    },
  });
}

/**
 * An image that a rule matches is never expired by a later one, and a tag is on one image: the
 * rules of moving tags expire nothing and keep what is deployed.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
 */
function lifecycleRules(): object[] {
  const kept = MOVING_TAGS.map((tag, index) => ({
    rulePriority: index + 1,
    description: `What ${tag} points at stays`,
    selection: {
      tagStatus: 'tagged',
      tagPatternList: [tag],
      countType: 'imageCountMoreThan',
      countNumber: 1,
    },
    action: { type: 'expire' },
  }));
  const older = {
    rulePriority: kept.length + 1,
    description: 'Older images',
    selection: {
      tagStatus: 'any',
      countType: 'imageCountMoreThan',
      countNumber: IMAGES_KEPT,
    },
    action: { type: 'expire' },
  };
  return [...kept, older];
}
