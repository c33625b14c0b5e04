import { act, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { fakeResponseError } from '../../__testUtils__/fakeErrors';
import {
  LINES,
  list,
  setupLogs,
  shownCount,
  shownLines,
} from '../../__testUtils__/setupLogs';

describe('LogsTab, following', () => {
  let visibility: jest.SpyInstance;

  beforeEach(() => {
    visibility = jest.spyOn(document, 'visibilityState', 'get');
  });
  afterEach(() => {
    visibility.mockRestore();
    jest.useRealTimers();
  });

  const setFollow = (user: { click(element: Element): Promise<void> }) =>
    user.click(screen.getByRole('checkbox', { name: 'Follow' }));
  /** Rendered, and from then on in charge of the clock. */
  async function follow(lines = LINES as Parameters<typeof setupLogs>[0]) {
    const world = setupLogs(lines);
    await world.render();
    await list();
    const user = userEvent.setup({ advanceTimers: jest.advanceTimersByTime });
    jest.useFakeTimers();
    // The timer that was set by the real clock does not count.
    await setFollow(user);
    await setFollow(user);
    world.readLogs.mockClear();
    return { ...world, user };
  }
  const pass = (ms: number) => act(() => jest.advanceTimersByTimeAsync(ms));
  const look = (state: DocumentVisibilityState) => {
    visibility.mockReturnValue(state);
    return act(async () => {
      document.dispatchEvent(new Event('visibilitychange'));
    });
  };

  it('shows new lines every three seconds, until switched off', async () => {
    const { logs, readLogs, user } = await follow();
    logs.write({ message: 'new' });
    await pass(2900);
    expect(readLogs).not.toHaveBeenCalled();
    await pass(200);
    expect(shownCount()).toHaveTextContent('5 lines');

    await setFollow(user);
    logs.write({ message: 'newer' });
    await pass(60_000);
    expect(readLogs).toHaveBeenCalledTimes(1);
    await user.click(screen.getByRole('button', { name: 'Refresh logs' }));
    await pass(0);
    expect(shownCount()).toHaveTextContent('6 lines');
  });

  it('rests while nobody looks, and catches up at once', async () => {
    const { logs, readLogs } = await follow();
    await look('hidden');
    await pass(60_000);
    // One read may have been due as the tab was left.
    expect(readLogs.mock.calls.length).toBeLessThanOrEqual(1);
    readLogs.mockClear();
    logs.write({ message: 'meanwhile' });
    await pass(60_000);
    expect(readLogs).not.toHaveBeenCalled();

    await look('visible');
    await pass(0);
    expect(shownCount()).toHaveTextContent('5 lines');
    await pass(3000);
    expect(readLogs).toHaveBeenCalledTimes(2);
  });

  it('keeps what it has while reads fail, more slowly, until one works', async () => {
    const { logs, readLogs } = await follow();
    const error = await fakeResponseError(503, 'Back soon.');
    readLogs.mockRejectedValue(error);
    await pass(3000);
    expect(screen.getByRole('alert')).toHaveTextContent('Back soon.');
    expect(await shownLines()).toHaveLength(4);
    await pass(120_000);
    expect(readLogs.mock.calls.length).toBeLessThan(16);

    readLogs.mockRestore();
    logs.write({ message: 'back' });
    await pass(30_000);
    expect(screen.queryByRole('alert')).toBeNull();
    expect(shownCount()).toHaveTextContent('5 lines');
  });

  it('stops where asking again cannot help', async () => {
    const { readLogs } = await follow();
    readLogs.mockRejectedValue(await fakeResponseError(403, 'Not yours.'));
    await pass(60_000);
    expect(readLogs).toHaveBeenCalledTimes(1);
  });

  it('stays at the end, unless scrolled away from it', async () => {
    const { logs, user } = await follow();
    const box = screen.getByRole('region', { name: 'Log' });
    jest.spyOn(box, 'scrollHeight', 'get').mockReturnValue(1000);
    jest.spyOn(box, 'clientHeight', 'get').mockReturnValue(300);
    const scroll = (top: number) =>
      act(async () => {
        box.scrollTop = top;
        box.dispatchEvent(new Event('scroll'));
      });

    logs.write({ message: 'followed' });
    await pass(3000);
    expect(box.scrollTop).toBe(1000);
    expect(screen.queryByRole('button', { name: 'Newest lines' })).toBeNull();

    await scroll(200);
    logs.write({ message: 'not followed' });
    await pass(3000);
    expect(shownCount()).toHaveTextContent('6 lines');
    expect(box.scrollTop).toBe(200);

    await user.click(screen.getByRole('button', { name: 'Newest lines' }));
    expect(box.scrollTop).toBe(1000);
    expect(box).toHaveFocus();
    logs.write({ message: 'followed again' });
    box.scrollTop = 700;
    await pass(3000);
    expect(box.scrollTop).toBe(1000);
  });

  it('leaves in view what was opened', async () => {
    const { logs, user } = await follow();
    const box = screen.getByRole('region', { name: 'Log' });
    jest.spyOn(box, 'scrollHeight', 'get').mockReturnValue(1000);
    jest.spyOn(box, 'clientHeight', 'get').mockReturnValue(300);
    box.scrollTop = 650;
    await user.click(
      screen.getByRole('button', { name: 'Detail of Bedrock throttled' }),
    );
    logs.write({ message: 'new' });
    await pass(3000);
    expect(shownCount()).toHaveTextContent('5 lines');
    expect(box.scrollTop).toBe(650);
  });
});
