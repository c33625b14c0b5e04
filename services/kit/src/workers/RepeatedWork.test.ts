import { deferred } from '../testing';
import { RepeatedWork } from './RepeatedWork';

describe('RepeatedWork', () => {
  let work: jest.Mock<Promise<void>>;
  let onError: jest.Mock;
  let repeated: RepeatedWork;

  beforeEach(() => {
    jest.useFakeTimers();
    work = jest.fn(async () => {});
    onError = jest.fn();
    repeated = new RepeatedWork({ work, onError, everyMs: 1000 });
  });
  afterEach(async () => {
    await repeated.close();
    jest.useRealTimers();
  });

  it('runs at once and then every so often, however often it is started', async () => {
    repeated.start();
    repeated.start();
    expect(work).toHaveBeenCalledTimes(1);
    await jest.advanceTimersByTimeAsync(3000);
    expect(work).toHaveBeenCalledTimes(4);
  });

  it('waits first where it is told to', async () => {
    repeated.start({ first: 'wait' });
    await jest.advanceTimersByTimeAsync(999);
    expect(work).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1);
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('has one run at a time, which callers join', async () => {
    const slow = deferred();
    work.mockReturnValue(slow.promise);
    repeated.start();
    await jest.advanceTimersByTimeAsync(5000);
    const joined = repeated.run();
    expect(work).toHaveBeenCalledTimes(1);
    slow.resolve();
    await joined;
    await repeated.run();
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('goes on after failures, and tells which are repeated', async () => {
    const error = new Error('No');
    work.mockRejectedValueOnce(error).mockRejectedValueOnce(error);
    repeated.start();
    await jest.advanceTimersByTimeAsync(2000);
    work.mockRejectedValueOnce(error);
    await jest.advanceTimersByTimeAsync(1000);
    expect(onError.mock.calls).toEqual([
      [error, { isRepeated: false }],
      [error, { isRepeated: true }],
      [error, { isRepeated: false }],
    ]);
  });

  it('lets who waits for a run know that it failed', async () => {
    work.mockRejectedValueOnce(new Error('No'));
    await expect(repeated.run()).rejects.toThrow('No');
    expect(onError).not.toHaveBeenCalled();
  });

  it('ends when the run under way has ended, also badly', async () => {
    const slow = deferred();
    work.mockReturnValue(slow.promise);
    repeated.start();
    let isClosed = false;
    const closing = repeated.close().then(() => {
      isClosed = true;
    });
    await jest.advanceTimersByTimeAsync(5000);
    expect(isClosed).toBe(false);
    slow.reject(new Error('No'));
    await closing;
    await jest.advanceTimersByTimeAsync(5000);
    expect(work).toHaveBeenCalledTimes(1);
  });
});
