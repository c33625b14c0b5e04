import { attemptEach, type Logger } from '..';

describe('attemptEach', () => {
  const warn = jest.fn();
  const logger = { warn } as unknown as Logger;
  const options = { idOf: String, logger, left: 'Left' };

  afterEach(() => warn.mockClear());

  it('gives each item its turn, and tells of all failures in one line', async () => {
    const done: number[] = [];
    const items = Array.from({ length: 30 }, (_, item) => item);
    const work = async (item: number) => {
      if (item % 2 === 0) throw new Error(`No ${item}`);
      done.push(item);
    };
    await attemptEach(items, { ...options, work });
    expect(done).toEqual(items.filter(item => item % 2 === 1));
    expect(warn.mock.calls).toEqual([
      [
        expect.objectContaining({
          err: new Error('No 0'),
          failures: 15,
          ids: ['0', '2', '4', '6', '8', '10', '12', '14', '16', '18'],
        }),
        'Left',
      ],
    ]);
  });

  it('says nothing when all is done, and stops between items', async () => {
    const stop = new AbortController();
    const work = jest.fn(async (item: string) => {
      if (item === 'b') stop.abort();
    });
    const { signal } = stop;
    await attemptEach(['a', 'b', 'c'], { ...options, work, signal });
    expect(work.mock.calls).toEqual([['a'], ['b']]);
    expect(warn).not.toHaveBeenCalled();
  });
});
