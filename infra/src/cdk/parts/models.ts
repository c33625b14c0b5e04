import { CfnApplicationInferenceProfile } from 'aws-cdk-lib/aws-bedrock';
import type { BlueprintStack } from '../BlueprintStack';

/** Models that an environment may have: a template cannot count. */
export const MODEL_SLOTS = 10;

/**
 * An inference profile for each model of an environment, so that what it costs carries the
 * environment's tags and its roles can be limited to it.
 */
export function createModels(
  stack: BlueprintStack,
  options: { environmentName: string; environmentUid: string },
): void {
  const { environmentName, environmentUid } = options;
  for (let slot = 1; slot <= MODEL_SLOTS; slot += 1) {
    const source = stack.parameter(`Model${slot}`, {
      description:
        'ARN of a foundation model or an inference profile of AWS that the environment may invoke; empty: none',
      default: '',
      allowedPattern:
        '^(arn:[a-z-]+:bedrock:[a-z0-9-]+:\\d{0,12}:(foundation-model|inference-profile)/[\\w.:-]{1,200})?$',
      source: { from: 'provisioner', what: 'model' },
    });
    const condition = stack.isGiven(source);
    const profile = new CfnApplicationInferenceProfile(
      stack,
      `Model${slot}Profile`,
      {
        inferenceProfileName: `genai-${environmentUid}-${slot}`,
        description: `Model ${slot} of the GenAI environment ${environmentName}`,
        modelSource: { copyFrom: source.valueAsString },
        tags: [{ key: 'genai:environment', value: environmentName }],
      },
    );
    profile.cfnOptions.condition = condition;
    stack.output(`Model${slot}ProfileArn`, {
      description: `Inference profile of Model${slot}`,
      value: profile.attrInferenceProfileArn,
      condition,
    });
  }
}
