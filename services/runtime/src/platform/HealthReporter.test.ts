import { createLogger } from '@genai-environments/service-kit';
import { HealthReporter } from './HealthReporter';

const UP = { status: 'UP' } as const;

describe('HealthReporter', () => {
  const lines: string[] = [];
  const board = {
    report: jest.fn(async () => {}),
    read: async () => ({}),
    withdraw: jest.fn(async () => {}),
  };
  const reporter = () =>
    new HealthReporter({
      board,
      health: async () => ({ prompts: UP }),
      logger: createLogger({
        destination: { write: line => lines.push(line) },
      }),
    });
  beforeEach(() => {
    jest.useFakeTimers();
    lines.length = 0;
    board.report.mockClear();
    board.withdraw.mockClear();
  });
  afterEach(() => jest.useRealTimers());

  it('tells how the services are at once and every ten seconds, until the end', async () => {
    const subject = reporter();
    subject.start();
    await jest.advanceTimersByTimeAsync(20_000);
    expect(board.report).toHaveBeenCalledTimes(3);
    expect(board.report).toHaveBeenCalledWith({ prompts: UP });
    await subject.close();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(board.report).toHaveBeenCalledTimes(3);
    expect(board.withdraw).toHaveBeenCalledTimes(1);
  });

  it('goes on when it cannot be told, and says so once', async () => {
    board.report.mockRejectedValue(new Error('no table'));
    const subject = reporter();
    subject.start();
    await jest.advanceTimersByTimeAsync(30_000);
    expect(lines.filter(line => line.includes('was not told'))).toHaveLength(1);
    board.report.mockReset();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(board.report).toHaveBeenCalledTimes(1);
    await subject.close();
  });

  it('withdraws nothing that it never told', async () => {
    await reporter().close();
    expect(board.withdraw).not.toHaveBeenCalled();
  });
});
