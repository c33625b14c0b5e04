import { createLogger } from '@genai-environments/service-kit';
import { type BedrockModelConfig, bedrockConfigSchema } from '../bedrockConfig';
import {
  BedrockModelProvider,
  type BedrockModelProviderOptions,
} from '../BedrockModelProvider';
import { FakeBedrock } from './FakeBedrock';

export const CLAUDE = 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0';

const MODELS: BedrockModelConfig[] = [
  { id: 'claude', kind: 'text', modelId: CLAUDE, maxOutputTokens: 64_000 },
  { id: 'nova', kind: 'text', modelId: 'amazon.nova-lite-v1:0' },
  { id: 'titan', kind: 'embedding', modelId: 'amazon.titan-embed-text-v2:0' },
  { id: 'cohere', kind: 'embedding', modelId: 'cohere.embed-multilingual-v3' },
];

/** A provider in front of a fake of Bedrock. */
export async function startFakeProvider(
  options: Partial<BedrockModelProviderOptions> & {
    models?: BedrockModelConfig[];
  } = {},
): Promise<{
  bedrock: FakeBedrock;
  provider: BedrockModelProvider;
  stop(): Promise<void>;
}> {
  const { models = MODELS, ...more } = options;
  const bedrock = await FakeBedrock.start();
  const provider = new BedrockModelProvider({
    config: bedrockConfigSchema.parse({
      region: 'eu-central-1',
      endpoint: bedrock.endpoint,
      models,
    }),
    credentials: async () => bedrock.credentials,
    logger: createLogger({ level: 'silent' }),
    ...more,
  });
  return {
    bedrock,
    provider,
    async stop() {
      await provider.close();
      await bedrock.stop();
    },
  };
}
