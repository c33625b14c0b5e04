import { Cancellation, CallCancelledError } from '../../domain/Cancellation';
import { modelProviderContract } from '../../ports/testing/modelProviderContract';
import { BuiltInModelProvider } from './BuiltInModelProvider';

describe('BuiltInModelProvider', () => {
  modelProviderContract({
    setUp: async () => ({
      provider: new BuiltInModelProvider(),
      textModel: 'local.extractive',
      embeddingModel: 'local.embedding',
      tearDown: async () => {},
    }),
  });

  it('stops producing when the caller hangs up', async () => {
    const cancellation = new Cancellation();
    const content = `Summarise in 20 sentences:\n\n${Array.from(
      { length: 60 },
      (_, index) => `Fact ${index} is about subject number ${index * 7}.`,
    ).join(' ')}`;
    let produced = 0;
    const reading = (async () => {
      for await (const part of new BuiltInModelProvider().stream(
        { model: 'local.extractive', messages: [{ role: 'user', content }] },
        cancellation,
      )) {
        if (part.type === 'text-delta' && ++produced === 5)
          cancellation.cancel();
      }
    })();
    await expect(reading).rejects.toBeInstanceOf(CallCancelledError);
    expect(produced).toBeLessThan(30);
  });
});
