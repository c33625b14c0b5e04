import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import {
  type BlueprintTier,
  TIERS,
  VECTOR_STORES,
  type VectorStore,
} from '../manifest/manifest';
import { AccountFoundation } from './stacks/AccountFoundation';
import { EnvironmentCore } from './stacks/EnvironmentCore';
import { EnvironmentServices } from './stacks/EnvironmentServices';

/** The stacks of one blueprint. */
export type EnvironmentStacks = {
  tier: BlueprintTier;
  vectorStore: VectorStore;
  core: EnvironmentCore;
  services: EnvironmentServices;
};

/** All stacks, with checks that fail the synthesis. */
export function createApp(options: {
  outdir: string;
  /** Default: yes. The checks take ten times as long as the rest. */
  isChecked?: boolean;
}): {
  app: App;
  foundation: AccountFoundation;
  environments: EnvironmentStacks[];
} {
  const { outdir, isChecked = true } = options;
  const app = new App({
    outdir,
    builtinCloudFormationValidation: isChecked,
    analyticsReporting: false,
    treeMetadata: false,
    context: {
      '@aws-cdk/core:validateAgainstDefaultRules': true,
      '@aws-cdk/core:strictCfnValidateErrors': true,
    },
  });
  const foundation = new AccountFoundation(app);
  const environments = TIERS.flatMap(tier =>
    VECTOR_STORES.map(vectorStore => ({
      tier,
      vectorStore,
      core: new EnvironmentCore(app, { tier, vectorStore }),
      services: new EnvironmentServices(app, { tier, vectorStore }),
    })),
  );
  if (isChecked) Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return { app, foundation, environments };
}
