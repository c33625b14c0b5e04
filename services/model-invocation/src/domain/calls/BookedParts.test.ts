import { CallCancelledError } from '../Cancellation';
import type { GenerationPart, PartIterator } from '../Model';
import { BookedParts } from './BookedParts';
import { openParts } from './partStream';
import type { Ticket } from './Ticket';

const text = (words: string): GenerationPart => ({
  type: 'text-delta',
  text: words,
});
const FINISH: GenerationPart = {
  type: 'finish',
  finishReason: 'stop',
  inputTokens: 11,
  outputTokens: 22,
};

/** Parts that are all there at once, then an error or the end. */
class ReadyParts implements PartIterator {
  returned = false;

  constructor(
    private readonly waiting: GenerationPart[],
    private readonly error?: Error,
  ) {}

  async next(): Promise<IteratorResult<GenerationPart>> {
    const part = this.takeReady();
    if (part) return { done: false, value: part };
    if (this.error) throw this.error;
    return { done: true, value: undefined };
  }

  takeReady(): GenerationPart | undefined {
    return this.waiting.shift();
  }

  async return(): Promise<IteratorResult<GenerationPart>> {
    this.returned = true;
    return { done: true, value: undefined };
  }
}

async function begin(parts: ReadyParts) {
  const settle = jest.fn();
  const begun = { first: await parts.next(), parts };
  const booked = new BookedParts(begun, {
    ticket: { settle } as unknown as Ticket,
    estimateInput: () => 3,
  });
  return { booked, settle };
}

async function readAll(booked: BookedParts) {
  const read: GenerationPart[] = [];
  for await (const part of booked) read.push(part);
  return read;
}

describe('BookedParts', () => {
  it('passes all on and books what the model counted', async () => {
    const { booked, settle } = await begin(
      new ReadyParts([text('a'), text('b'), FINISH]),
    );
    expect(await readAll(booked)).toEqual([text('a'), text('b'), FINISH]);
    expect(settle.mock.calls).toEqual([
      [expect.objectContaining({ outputTokens: 22 }), 'succeeded'],
    ]);
    expect(await booked.next()).toEqual({ done: true, value: undefined });
    expect(settle).toHaveBeenCalledTimes(1);
  });

  it('hands out without waiting what is there, the first part excepted, and counts it', async () => {
    const { booked, settle } = await begin(
      new ReadyParts([text('first'), text('second'), text('third')]),
    );
    expect(booked.takeReady()).toBeUndefined();
    expect((await booked.next()).value).toEqual(text('first'));
    expect(booked.takeReady()).toEqual(text('second'));
    expect(booked.takeReady()).toEqual(text('third'));
    expect(booked.takeReady()).toBeUndefined();
    await booked.return();
    expect(settle.mock.calls).toEqual([
      [{ inputTokens: 3, outputTokens: 2, isEstimate: true }, 'cancelled'],
    ]);
    expect(booked.takeReady()).toBeUndefined();
  });

  it('waits for each part of a provider that cannot tell what is there', async () => {
    async function* stream() {
      yield text('a');
      yield FINISH;
    }
    const begun = await openParts(
      { model: { id: 'm' }, provider: { stream } } as never,
      { model: 'm', messages: [] },
      {} as never,
    );
    const settle = jest.fn();
    const booked = new BookedParts(begun, {
      ticket: { settle } as unknown as Ticket,
      estimateInput: () => 0,
    });
    expect((await booked.next()).value).toEqual(text('a'));
    expect(booked.takeReady()).toBeUndefined();
    expect(await readAll(booked)).toEqual([FINISH]);
    expect(settle).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['failed', new Error('broken')],
    ['cancelled', new CallCancelledError()],
  ])('books an estimate when the answer breaks: %s', async (status, error) => {
    const { booked, settle } = await begin(
      new ReadyParts([text('two words')], error),
    );
    await expect(readAll(booked)).rejects.toBe(error);
    expect(settle.mock.calls).toEqual([
      [{ inputTokens: 3, outputTokens: 2, isEstimate: true }, status],
    ]);
  });

  it.each([
    ['cancelled', [text('a'), text('b'), FINISH], 1],
    ['succeeded', [text('a'), FINISH], 2],
  ])(
    'ends the call of a reader that leaves, once: %s',
    async (status, sent, reads) => {
      const parts = new ReadyParts([...(sent as GenerationPart[])]);
      const { booked, settle } = await begin(parts);
      for (let read = 0; read < reads; read += 1) await booked.next();
      await booked.return();
      await booked.return();
      expect(parts.returned).toBe(true);
      expect(settle).toHaveBeenCalledTimes(1);
      expect(settle).toHaveBeenCalledWith(expect.anything(), status);
    },
  );
});
