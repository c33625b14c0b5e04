import { createLogger } from '@genai-environments/service-kit';
import { GroupCommit } from './GroupCommit';

const countTimers = () =>
  process.getActiveResourcesInfo().filter(name => name === 'Timeout').length;

describe('GroupCommit', () => {
  let commit: jest.Mock;
  let lines: string[];
  let group: GroupCommit;

  beforeEach(() => {
    commit = jest.fn();
    lines = [];
    group = new GroupCommit({
      commit,
      failure: 'Not written',
      logger: createLogger({
        destination: { write: line => lines.push(line) },
      }),
    });
  });
  afterEach(() => jest.useRealTimers());

  it('commits once for all changes until then', () => {
    jest.useFakeTimers();
    group.schedule();
    group.schedule();
    jest.advanceTimersByTime(200);
    expect(commit).toHaveBeenCalledTimes(1);
  });

  it('tries again what failed, and says so', () => {
    jest.useFakeTimers();
    commit.mockImplementationOnce(() => {
      throw new Error('The database is locked');
    });
    group.schedule();
    jest.advanceTimersByTime(200);
    expect(commit).toHaveBeenCalledTimes(2);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('Not written');
  });

  it('commits when it closes, and not after that', () => {
    jest.useFakeTimers();
    group.schedule();
    group.close();
    group.schedule();
    jest.advanceTimersByTime(200);
    expect(commit).toHaveBeenCalledTimes(1);
  });

  it('keeps no process from ending', () => {
    const before = countTimers();
    group.schedule();
    expect(countTimers()).toBe(before);
    group.close();
  });
});
