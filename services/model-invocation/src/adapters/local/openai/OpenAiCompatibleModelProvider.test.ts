import { createLogger } from '@genai-environments/service-kit';
import { modelProviderContract } from '../../../ports/testing/modelProviderContract';
import {
  answerCompletion,
  answerJson,
  Behaviour,
  deltaChunk,
  DONE,
  startStream,
  StubUpstream,
  textChunk,
} from '../../../testing/StubUpstream';
import { OpenAiCompatibleModelProvider } from './OpenAiCompatibleModelProvider';

/** Behaves as a real server would: answers what it is asked. */
const serve: Behaviour = (request, response) => {
  if (request.url === '/v1/embeddings') {
    const inputs: string[] = request.body.input;
    answerJson(200, {
      // Not in order: `index` tells which is which.
      data: inputs
        .map((input, index) => ({
          index,
          embedding: [input.length, input.charCodeAt(0)],
        }))
        .reverse(),
      usage: { prompt_tokens: inputs.length, total_tokens: inputs.length },
    })(request, response);
  } else if (request.body.stream) {
    const usage =
      'data: {"choices":[],"usage":{"prompt_tokens":11,"completion_tokens":7}}\n\n';
    startStream(response).end(
      textChunk('Hi.') + deltaChunk({}, 'stop') + usage + DONE,
    );
  } else {
    answerCompletion('Hi.')(request, response);
  }
};

async function setUp() {
  const upstream = await StubUpstream.start();
  upstream.behave = serve;
  let stopped: Promise<void> | undefined;
  return {
    upstream,
    provider: new OpenAiCompatibleModelProvider({
      upstream: {
        id: 'stub',
        baseUrl: `${upstream.baseUrl}/`,
        models: [
          { id: 'chat', kind: 'text' },
          { id: 'embed', kind: 'embedding' },
        ],
      },
      logger: createLogger({ level: 'silent' }),
    }),
    textModel: 'chat',
    embeddingModel: 'embed',
    tearDown: () => (stopped ??= upstream.stop()),
  };
}

describe('OpenAiCompatibleModelProvider', () => {
  modelProviderContract({ setUp });

  it('sends no authorization to a server that wants none', async () => {
    const { upstream, provider, tearDown } = await setUp();
    await provider.health();
    expect(upstream.received[0].url).toBe('/v1/models');
    expect(upstream.received[0].headers.authorization).toBeUndefined();
    await provider.close();
    await tearDown();
  });

  it('is down when nobody is there', async () => {
    const { provider, tearDown } = await setUp();
    await tearDown();
    expect(await provider.health()).toEqual({
      status: 'DOWN',
      reason: 'The model server "stub" cannot be reached.',
    });
    await provider.close();
  });
});
