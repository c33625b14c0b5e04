import {
  ListFoundationModelsCommand,
  ListInferenceProfilesCommand,
} from '@aws-sdk/client-bedrock';
import type { ModelInfo } from '@genai-environments/backstage-plugin-genai-environments-common';
import type { Caller } from './Caller';
import type { Clients } from './clients';
import { readPages } from './readPages';

/** A model that environments can be given, and what is behind it. */
export type OfferedModel = {
  info: ModelInfo;
  /** What the environment's own inference profile is copied from. */
  sourceArn: string;
  foundationModelArns: string[];
  foundationModel: string;
  /** It works for those who have it, for months, and is for nobody else. */
  isLegacy: boolean;
};

const KEPT_FOR_MS = 30 * 60_000;

/** Models of Bedrock in one account and region. */
export class Bedrock {
  private cached?: { at: number; models: Promise<OfferedModel[]> };

  constructor(
    private readonly client: Clients['bedrock'],
    private readonly caller: Caller,
    private readonly now: () => number,
  ) {}

  /** Kept for half an hour. @throws AwsCallError */
  async offered(): Promise<OfferedModel[]> {
    const { cached } = this;
    if (cached && this.now() - cached.at < KEPT_FOR_MS) return cached.models;
    const models = this.list();
    this.cached = { at: this.now(), models };
    models.catch(() => {
      this.cached = undefined;
    });
    return models;
  }

  private async list(): Promise<OfferedModel[]> {
    const { modelSummaries = [] } = await this.caller.call(
      'bedrock',
      'bedrock:ListFoundationModels',
      () => this.client.send(new ListFoundationModelsCommand({})),
    );
    const usable = modelSummaries.filter(({ outputModalities = [] }) =>
      outputModalities.some(kind => kind === 'TEXT' || kind === 'EMBEDDING'),
    );
    const direct = usable
      .filter(({ inferenceTypesSupported = [] }) =>
        inferenceTypesSupported.includes('ON_DEMAND'),
      )
      .map(
        (model): OfferedModel => ({
          info: {
            id: model.modelId!,
            name: model.modelName ?? model.modelId!,
            kind: kindOf(model),
            provider: model.providerName ?? 'Amazon Bedrock',
          },
          sourceArn: model.modelArn!,
          foundationModelArns: [model.modelArn!],
          foundationModel: model.modelId!,
          isLegacy: isLegacy(model),
        }),
      );
    return [...direct, ...(await this.profiles(usable))];
  }

  private async profiles(usable: Model[]): Promise<OfferedModel[]> {
    const profiles = await readPages(async nextToken => {
      const page = await this.caller.call(
        'bedrock',
        'bedrock:ListInferenceProfiles',
        () =>
          this.client.send(
            new ListInferenceProfilesCommand({
              typeEquals: 'SYSTEM_DEFINED',
              maxResults: 100,
              nextToken,
            }),
          ),
      );
      return { items: page.inferenceProfileSummaries, next: page.nextToken };
    });
    return profiles.flatMap(profile => {
      const arns = (profile.models ?? []).map(({ modelArn }) => modelArn!);
      const foundationModel = arns[0]?.split('/').at(-1);
      const model = usable.find(({ modelId }) => modelId === foundationModel);
      if (!model || profile.status !== 'ACTIVE') return [];
      return [
        {
          info: {
            id: profile.inferenceProfileId!,
            name: profile.inferenceProfileName ?? profile.inferenceProfileId!,
            kind: kindOf(model),
            provider: model.providerName ?? 'Amazon Bedrock',
            description: profile.description,
          },
          sourceArn: profile.inferenceProfileArn!,
          foundationModelArns: arns,
          foundationModel: foundationModel!,
          isLegacy: isLegacy(model),
        },
      ];
    });
  }
}

type Model = {
  modelId?: string;
  providerName?: string;
  outputModalities?: string[];
  modelLifecycle?: { status?: string };
};

/** @see https://docs.aws.amazon.com/bedrock/latest/userguide/model-lifecycle.html */
function isLegacy({ modelLifecycle }: Model): boolean {
  return modelLifecycle?.status === 'LEGACY';
}

function kindOf(model: { outputModalities?: string[] }): ModelInfo['kind'] {
  return model.outputModalities?.includes('EMBEDDING') ? 'embedding' : 'text';
}
