import { Harness, startHarness } from '../testing/harness';
import {
  answerJson,
  answerStream,
  DONE,
  deltaChunk,
  startStream,
  textChunk,
  USAGE_CHUNK,
} from '../testing/StubUpstream';
import { CallCancelledError } from './Cancellation';

const ask = { messages: [{ role: 'user' as const, content: 'Hello' }] };

describe('faces for other services', () => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await startHarness();
  });
  afterEach(() => harness.close());

  it('embed with the first model when none is named, and book it', async () => {
    const { embedder } = harness.model;
    expect(embedder.defaultModel()).toBe('stub-embed');
    harness.upstream.behave = answerJson(200, {
      data: [
        { index: 1, embedding: [2, 2] },
        { index: 0, embedding: [1, 1] },
      ],
      usage: { prompt_tokens: 4 },
    });
    expect(await embedder.embed('app-9', { inputs: ['a', 'b'] })).toEqual({
      model: 'stub-embed',
      vectors: [
        [1, 1],
        [2, 2],
      ],
      inputTokens: 4,
    });
    expect(await harness.booked()).toMatchObject([
      { clientId: 'app-9', model: 'stub-embed', inputTokens: 4 },
    ]);
  });

  it('generate for an application', async () => {
    const { generator } = harness.model;
    expect(await generator.generate('app-9', ask)).toEqual({
      model: 'stub-chat',
      text: 'Hello.',
      inputTokens: 11,
      outputTokens: 7,
    });
    expect(await harness.booked()).toMatchObject([{ clientId: 'app-9' }]);
  });

  it('stream for an application', async () => {
    harness.upstream.behave = answerStream(
      textChunk('One'),
      deltaChunk({}, 'stop'),
      USAGE_CHUNK,
      DONE,
    );
    const { model, parts } = await harness.model.generator.stream('app-9', ask);
    const read = [];
    for await (const part of parts) read.push(part);
    expect(model).toBe('stub-chat');
    expect(read).toEqual([
      { type: 'text-delta', text: 'One' },
      {
        type: 'finish',
        finishReason: 'stop',
        inputTokens: 11,
        outputTokens: 2,
      },
    ]);
    expect(await harness.booked()).toMatchObject([
      { inputTokens: 11, outputTokens: 2 },
    ]);
  });

  describe('hang up on the upstream', () => {
    beforeEach(() => {
      harness.upstream.behave = (_request, response) => {
        startStream(response).write(textChunk('One two'));
      };
    });
    const bookedAfterHangUp = async () => {
      await harness.upstream.hungUp;
      return harness.booked();
    };
    const expected = [
      { cancelledInvocations: 1, inputTokens: 1, outputTokens: 2 },
    ];

    it('when the reader leaves', async () => {
      const { parts } = await harness.model.generator.stream('app-9', ask);
      for await (const _part of parts) break;
      expect(await bookedAfterHangUp()).toMatchObject(expected);
    });

    it('when the reader aborts', async () => {
      const aborter = new AbortController();
      const { signal } = aborter;
      const { parts } = await harness.model.generator.stream('app-9', ask, {
        signal,
      });
      const reading = (async () => {
        for await (const _part of parts) aborter.abort();
      })();
      await expect(reading).rejects.toBeInstanceOf(CallCancelledError);
      expect(await bookedAfterHangUp()).toMatchObject(expected);
    });
  });

  it('say that there is no model', async () => {
    await harness.close();
    harness = await startHarness({ models: ['stub-chat'] });
    const { embedder } = harness.model;
    expect(embedder.defaultModel()).toBeUndefined();
    await expect(
      embedder.embed('app-9', { inputs: ['a'] }),
    ).rejects.toMatchObject({ code: 'no_model' });
  });
});
