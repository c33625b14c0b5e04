import { modelProviderContract } from '../../../ports/testing/modelProviderContract';
import { startFakeProvider } from './testing/startFakeProvider';

describe('BedrockModelProvider', () => {
  for (const embeddingModel of ['titan', 'cohere']) {
    describe(`with embeddings of ${embeddingModel}`, () => {
      modelProviderContract({
        setUp: async () => {
          const { provider, bedrock } = await startFakeProvider();
          return {
            provider,
            textModel: 'claude',
            embeddingModel,
            tearDown: () => bedrock.stop(),
          };
        },
      });
    });
  }
});
