import { Cancellation } from '../../../domain/Cancellation';
import { modelProviderContract } from '../../../ports/testing/modelProviderContract';
import { answerException, answerJson } from './testing/FakeBedrock';
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

  const ask = {
    model: 'claude',
    messages: [{ role: 'user' as const, content: 'Hi' }],
  };

  it('says that its models are billed, and as which', async () => {
    const { provider, stop } = await startFakeProvider({
      models: [
        {
          ...{
            id: 'own',
            kind: 'text',
            foundationModel: 'amazon.nova-lite-v1:0',
          },
          modelId:
            'arn:aws:bedrock:eu-central-1:1:application-inference-profile/abc',
        },
      ],
    });
    expect(provider.models).toEqual([
      expect.objectContaining({
        ...{ id: 'own', isBilled: true, pricedAs: 'amazon.nova-lite-v1:0' },
      }),
    ]);
    await stop();
  });

  it('tells earlier tool calls as text when no tool may be called', async () => {
    const { provider, bedrock, stop } = await startFakeProvider();
    const image = { type: 'image', mediaType: 'image/png', data: 'AQID' };
    await provider.generate(
      {
        model: 'claude',
        messages: [
          ...ask.messages,
          {
            role: 'assistant',
            content: [
              {
                type: 'tool-call',
                toolCallId: '1',
                toolName: 'look',
                input: { at: 'sky' },
              },
            ],
          },
          {
            role: 'tool',
            content: [
              {
                type: 'tool-result',
                toolCallId: '1',
                content: [{ type: 'text', text: 'Blue' }, image as never],
              },
            ],
          },
        ],
        tools: [{ name: 'look', inputSchema: { type: 'object' } }],
        toolChoice: { type: 'none' },
      },
      new Cancellation(),
    );
    const [{ body }] = bedrock.received;
    expect(body.toolConfig).toBeUndefined();
    expect(body.messages.slice(1)).toEqual([
      {
        role: 'assistant',
        content: [{ text: 'Called the tool look {"at":"sky"}' }],
      },
      {
        role: 'user',
        content: [
          { text: 'Result of look: Blue' },
          { image: { format: 'png', source: { bytes: 'AQID' } } },
        ],
      },
    ]);
    await stop();
  });

  it('passes raw requests and answers on and counts by headers', async () => {
    const { provider, bedrock, stop } = await startFakeProvider();
    bedrock.behave = answerJson(
      { generation: 'Hello' },
      {
        'x-amzn-bedrock-input-token-count': '3',
        'x-amzn-bedrock-output-token-count': '5',
      },
    );
    const body = '{"prompt": "Hi"}';
    const answer = await provider.invokeRaw(
      { model: 'claude', body, estimateInput: () => 1 },
      new Cancellation(),
    );
    expect(bedrock.received[0]).toMatchObject({
      path: '/model/eu.anthropic.claude-sonnet-4-5-20250929-v1%3A0/invoke',
      raw: body,
    });
    expect(answer.body.toString()).toBe('{"generation":"Hello"}');
    expect(answer.usage).toEqual({ inputTokens: 3, outputTokens: 5 });
    await stop();
  });

  it('signs with new credentials after Bedrock refused the old ones', async () => {
    const { provider, bedrock, stop } = await startFakeProvider();
    bedrock.behave = answerException(
      403,
      'ExpiredTokenException',
      'The security token included in the request is expired',
    );
    await expect(
      provider.generate(ask, new Cancellation()),
    ).rejects.toMatchObject({ retryable: true, code: 'model_call_refused' });

    bedrock.credentials = {
      accessKeyId: 'AKIDNEW',
      secretAccessKey: 'new',
    };
    bedrock.behave = answerException(400, 'ValidationException', 'Signed well');
    await expect(provider.generate(ask, new Cancellation())).rejects.toThrow(
      'Signed well',
    );
    expect(bedrock.received[1].headers['x-amz-security-token']).toBeUndefined();
    await stop();
  });

  it('is down without credentials, and when nobody is there', async () => {
    const { provider, bedrock } = await startFakeProvider({
      credentials: async () => {
        throw new Error('none');
      },
    });
    const down = { status: 'DOWN', reason: 'Bedrock cannot be reached.' };
    expect(await provider.health()).toEqual(down);
    await provider.close();
    await bedrock.stop();

    const other = await startFakeProvider();
    await other.bedrock.stop();
    expect(await other.provider.health()).toEqual(down);
    await other.provider.close();
  });
});
