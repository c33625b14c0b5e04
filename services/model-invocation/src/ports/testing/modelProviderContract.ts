// Run by the tests of each adapter; providers stream in one of two protocols.
/* eslint-disable jest/no-export, jest/no-conditional-expect */
import { DomainError } from '@genai-environments/service-kit';
import { CallCancelledError, Cancellation } from '../../domain/Cancellation';
import type { ModelProvider } from '../ModelProvider';

/** What every provider must do, told with a text model and an embedding model of its. */
export function modelProviderContract(options: {
  setUp(): Promise<{
    provider: ModelProvider;
    textModel: string;
    embeddingModel: string;
    tearDown(): Promise<void>;
  }>;
}): void {
  describe('contract of ModelProvider', () => {
    let subject: Awaited<ReturnType<typeof options.setUp>>;
    const text = 'The river is wide. The bridge is long. Boats sail by.';
    const ask = () => ({
      model: subject.textModel,
      messages: [{ role: 'user' as const, content: `Summarise:\n\n${text}` }],
    });

    beforeEach(async () => {
      subject = await options.setUp();
    });
    afterEach(async () => {
      await subject.provider.close();
      await subject.tearDown();
    });

    it('offers the models it serves', () => {
      const kinds = new Map(
        subject.provider.models.map(model => [model.id, model.kind]),
      );
      expect(kinds.get(subject.textModel)).toBe('text');
      expect(kinds.get(subject.embeddingModel)).toBe('embedding');
    });

    it('generates text and counts tokens', async () => {
      const generation = await subject.provider.generate(
        ask(),
        new Cancellation(),
      );
      expect(generation.text).not.toBe('');
      expect(generation.finishReason).toBe('stop');
      expect(generation.inputTokens).toBeGreaterThan(0);
      expect(generation.outputTokens).toBeGreaterThan(0);
    });

    it('answers one vector per input, in order', async () => {
      const inputs = ['river', 'bridge', 'river'];
      const { vectors, inputTokens } = await subject.provider.embed(
        { model: subject.embeddingModel, inputs },
        new Cancellation(),
      );
      expect(vectors).toHaveLength(3);
      expect(vectors[2]).toEqual(vectors[0]);
      expect(vectors[1]).not.toEqual(vectors[0]);
      expect(inputTokens).toBeGreaterThan(0);
    });

    it('does nothing for a caller that is gone already', async () => {
      const cancellation = new Cancellation();
      cancellation.cancel();
      await expect(
        subject.provider.generate(ask(), cancellation),
      ).rejects.toBeInstanceOf(CallCancelledError);
      await expect(
        subject.provider.embed(
          { model: subject.embeddingModel, inputs: ['x'] },
          cancellation,
        ),
      ).rejects.toBeInstanceOf(CallCancelledError);
    });

    it('says how it is', async () => {
      expect(await subject.provider.health()).toEqual({ status: 'UP' });
    });

    it('streams what it generates', async () => {
      const { provider } = subject;
      const whole = await provider.generate(ask(), new Cancellation());
      const parts = [];
      for await (const part of provider.stream(ask(), new Cancellation())) {
        parts.push(part);
      }
      const finish = parts.pop();
      expect(finish).toEqual({
        type: 'finish',
        finishReason: whole.finishReason,
        inputTokens: whole.inputTokens,
        outputTokens: whole.outputTokens,
      });
      expect(
        parts
          .map(part => (part.type === 'text-delta' ? part.text : '?'))
          .join(''),
      ).toBe(whole.text);
    });

    it('passes streams of its own protocol on', async () => {
      const { provider } = subject;
      if (provider.protocol === 'native') return;
      const received: Buffer[] = [];
      const start = jest.fn();
      const { messages, model } = ask();
      const outcome = await provider.forwardStream(
        {
          model,
          body: JSON.stringify({ model, messages, stream: true }),
          passUsage: false,
          estimateInput: () => 1,
        },
        {
          start,
          write: chunk => {
            received.push(chunk);
            return true;
          },
          onDrain: () => {},
        },
        new Cancellation(),
      );
      expect(start).toHaveBeenCalledTimes(1);
      expect(outcome.ended).toBe('complete');
      expect(outcome.usage.outputTokens).toBeGreaterThan(0);
      expect(Buffer.concat(received).toString()).toMatch(/data: \[DONE\]\n\n$/);
    });

    it('rejects with an error that callers may see', async () => {
      if (subject.provider.protocol === 'native') {
        // Longer than any context.
        const content = 'long '.repeat(1_000_000);
        await expect(
          subject.provider.generate(
            { model: subject.textModel, messages: [{ role: 'user', content }] },
            new Cancellation(),
          ),
        ).rejects.toBeInstanceOf(DomainError);
        return;
      }
      await subject.tearDown();
      await expect(
        subject.provider.generate(ask(), new Cancellation()),
      ).rejects.toBeInstanceOf(DomainError);
    });
  });
}
