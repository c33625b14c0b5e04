import { CallCancelledError, Cancellation } from '../../../domain/Cancellation';
import type { EmbedRequest } from '../../../domain/Model';
import type { BedrockModelProvider } from './BedrockModelProvider';
import {
  answerException,
  answerJson,
  type FakeBedrock,
} from './testing/FakeBedrock';
import { answerAsModels } from './testing/fakeModels';
import { startFakeProvider } from './testing/startFakeProvider';

const PROFILE =
  'arn:aws:bedrock:eu-central-1:123456789012:application-inference-profile/a1';
const MODELS = [
  'amazon.titan-embed-text-v1',
  'amazon.titan-embed-text-v2:0',
  'amazon.nova-2-multimodal-embeddings-v1:0',
  'cohere.embed-english-v3',
  'us.cohere.embed-v4:0',
];

describe('embeddings of Bedrock', () => {
  let bedrock: FakeBedrock;
  let provider: BedrockModelProvider;
  let stop: () => Promise<void>;

  beforeEach(async () => {
    ({ bedrock, provider, stop } = await startFakeProvider({
      models: [
        ...MODELS.map(id => ({ id, kind: 'embedding' as const, modelId: id })),
        {
          id: 'profile',
          kind: 'embedding',
          modelId: PROFILE,
          foundationModel: 'amazon.titan-embed-text-v2:0',
        },
      ],
    }));
  });
  afterEach(() => stop());

  const embed = (request: EmbedRequest, cancellation = new Cancellation()) =>
    provider.embed(request, cancellation);

  it('ask Titan v1 for its own dimensions only', async () => {
    await embed({ model: MODELS[0], inputs: ['Hello'] });
    expect(bedrock.received[0].body).toEqual({ inputText: 'Hello' });
    await expect(
      embed({ model: MODELS[0], inputs: ['Hello'], dimensions: 256 }),
    ).rejects.toThrow('Leave "dimensions" out.');
  });

  it('ask Titan v2 text by text, behind a profile too', async () => {
    const answer = await embed({
      model: 'profile',
      inputs: ['ab', 'c'],
      dimensions: 256,
    });
    expect(answer).toEqual({
      vectors: [
        [2, 97, 0.5],
        [1, 99, 0.5],
      ],
      inputTokens: 3,
    });
    expect(bedrock.received).toHaveLength(2);
    expect(bedrock.received[0]).toMatchObject({
      path: `/model/${encodeURIComponent(PROFILE)}/invoke`,
      body: { inputText: 'ab', dimensions: 256, normalize: true },
    });
  });

  it('ask Nova in its own words', async () => {
    bedrock.behave = answerJson({
      embeddings: [{ embeddingType: 'TEXT', embedding: [1, 2] }],
    });
    const answer = await embed({
      model: MODELS[2],
      inputs: ['Hello'],
      dimensions: 384,
    });
    // Nova counts no tokens.
    expect(answer).toEqual({
      vectors: [[1, 2]],
      inputTokens: 1,
      isEstimate: true,
    });
    expect(bedrock.received[0].body).toEqual({
      taskType: 'SINGLE_EMBEDDING',
      singleEmbeddingParams: {
        embeddingPurpose: 'GENERIC_INDEX',
        embeddingDimension: 384,
        text: { truncationMode: 'NONE', value: 'Hello' },
      },
    });
  });

  it('ask Cohere for 96 texts at a time and keep their order', async () => {
    const inputs = Array.from({ length: 200 }, (_, i) => 'x'.repeat(i + 1));
    const { vectors, inputTokens } = await embed({ model: MODELS[3], inputs });
    expect(bedrock.received.map(call => call.body.texts.length)).toEqual([
      96, 96, 8,
    ]);
    expect(bedrock.received[0].body.input_type).toBe('search_document');
    expect(vectors.map(([length]) => length)).toEqual(
      inputs.map(input => input.length),
    );
    expect(inputTokens).toBe(
      bedrock.received.reduce((sum, { raw }) => sum + raw.length, 0),
    );
  });

  it('read what Cohere v4 answers by type', async () => {
    bedrock.behave = answerJson({
      id: '1',
      response_type: 'embeddings_by_type',
      embeddings: { float: [[1, 2]] },
      texts: ['Hello'],
    });
    const { vectors } = await embed({
      model: MODELS[4],
      inputs: ['Hello'],
      dimensions: 512,
    });
    expect(vectors).toEqual([[1, 2]]);
    expect(bedrock.received[0].body).toEqual({
      texts: ['Hello'],
      input_type: 'search_document',
      embedding_types: ['float'],
      output_dimension: 512,
    });
  });

  it.each([
    [MODELS[2], 'singleEmbeddingParams.embeddingPurpose', 'GENERIC_RETRIEVAL'],
    [MODELS[3], 'input_type', 'search_query'],
    [MODELS[4], 'input_type', 'search_query'],
  ])('tell %s that it is a question', async (model, field, value) => {
    bedrock.behave = answerJson({
      embeddings: model.includes('nova') ? [{ embedding: [1] }] : [[1]],
    });
    await embed({ model, inputs: ['Why?'], purpose: 'query' });
    expect(bedrock.received[0].body).toHaveProperty(field, value);
  });

  it('refuse dimensions the model does not have, before it is asked', async () => {
    await expect(
      embed({ model: MODELS[1], inputs: ['Hello'], dimensions: 300 }),
    ).rejects.toMatchObject({
      name: 'InvalidInputError',
      code: 'unsupported_dimensions',
      message: expect.stringContaining('one of 1024, 512, 256'),
    });
    expect(bedrock.received).toHaveLength(0);
  });

  it.each([
    ['no vectors', { embeddings: [] }],
    ['too few vectors', { embeddings: [[1]] }],
    ['empty vectors', { embeddings: [[], []] }],
    ['texts for numbers', { embeddings: [['1'], ['2']] }],
    ['something else', { vectors: [[1], [2]] }],
  ])('refuse an answer with %s', async (_, answer) => {
    bedrock.behave = answerJson(answer);
    await expect(
      embed({ model: MODELS[3], inputs: ['a', 'b'] }),
    ).rejects.toMatchObject({ code: 'model_answer_garbled' });
  });

  it('run eight calls at a time; one that fails ends the others', async () => {
    let running = 0;
    let most = 0;
    let held: () => void = () => {};
    const eight = new Promise<void>(resolve => {
      bedrock.behave = (call, response) => {
        running += 1;
        most = Math.max(most, running);
        response.on('close', () => {
          running -= 1;
          if (running === 0) held();
        });
        if (running === 8) {
          resolve();
          answerException(400, 'ValidationException', 'No.')(call, response);
        }
      };
    });
    const allClosed = new Promise<void>(resolve => {
      held = resolve;
    });
    const inputs = Array.from({ length: 100 }, (_, i) => `${i}`);
    await expect(embed({ model: MODELS[1], inputs })).rejects.toThrow('No.');
    await eight;
    await allClosed;
    expect(most).toBe(8);
    expect(bedrock.received).toHaveLength(8);
  });

  it('end all calls when the caller hangs up', async () => {
    const cancellation = new Cancellation();
    bedrock.behave = call => {
      if (call.body.inputText === '7') cancellation.cancel();
    };
    const inputs = Array.from({ length: 100 }, (_, i) => `${i}`);
    await expect(
      embed({ model: MODELS[1], inputs }, cancellation),
    ).rejects.toBeInstanceOf(CallCancelledError);
    expect(bedrock.received.length).toBeLessThanOrEqual(8);
    bedrock.behave = answerAsModels;
    await embed({ model: MODELS[1], inputs });
  });
});
