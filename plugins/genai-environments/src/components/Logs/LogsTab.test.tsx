import type { LogLine } from '@genai-environments/backstage-plugin-genai-environments-common';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { fakeResponseError } from '../../__testUtils__/fakeErrors';
import { FakeGenaiEnvironmentsApi } from '../../__testUtils__/FakeGenaiEnvironmentsApi';
import { environmentFixture } from '../../__testUtils__/fixtures';
import { renderWithApi } from '../../__testUtils__/renderWithApi';
import { LogsTab } from './LogsTab';

// Decisions are cached by environment across tests, so each test names its own.
let count = 0;

function setup(lines: Array<Partial<LogLine> & { message: string }> = []) {
  count += 1;
  const environment = environmentFixture({ name: `logged-${count}` });
  const api = new FakeGenaiEnvironmentsApi([environment]);
  api.logs.write(...lines);
  const readLogs = jest.spyOn(api, 'readLogs');
  const render = (denied?: string[]) =>
    renderWithApi(<LogsTab environment={environment} events={[]} />, {
      api,
      denied,
    });
  return { api, logs: api.logs, readLogs, render };
}

const list = () => screen.findByRole('list', { name: 'Lines, oldest first' });
const shownLines = async () =>
  within(await list())
    .getAllByRole('listitem')
    .map(item => item.textContent);
const shownCount = () => screen.getByRole('status', { name: 'Lines shown' });

async function select(label: string, option: string) {
  await userEvent.click(screen.getByRole('button', { name: RegExp(label) }));
  await userEvent.click(await screen.findByRole('option', { name: option }));
}

const LINES = [
  { message: 'Listening', service: 'app' },
  {
    message: 'Bedrock throttled',
    level: 'warn',
    service: 'model-invocation',
    detail: '{"model":"nova","attempt":2}',
  },
  { message: 'at Object.call (main.js:1)', level: undefined },
  { message: 'Gave up', level: 'error', service: 'model-invocation' },
] satisfies Array<Partial<LogLine>>;

describe('LogsTab', () => {
  it('shows time, level, service and message of each line', async () => {
    const { render } = setup(LINES);
    await render();
    const [first, second, third] = await shownLines();
    expect(first).toMatch(/^03-02 \d\d:\d\d:00\.000infoAppListening$/);
    expect(second).toMatch(/warnModel invocationBedrock throttled$/);
    expect(third).toMatch(/\.000at Object\.call \(main\.js:1\)$/);
    expect(shownCount()).toHaveTextContent('4 lines');
    expect(
      within(await list()).getByTitle('2026-03-02T09:00:00.000Z'),
    ).toBeInTheDocument();
  });

  it('filters by level and by text, and shows all again', async () => {
    const { render } = setup(LINES);
    await render();
    await list();
    await select('Level', 'Warnings and errors');
    expect(await shownLines()).toHaveLength(2);
    expect(shownCount()).toHaveTextContent('2 of 4 lines');

    const find = screen.getByRole('searchbox', { name: 'Find' });
    await userEvent.type(find, 'NOVA');
    await waitFor(() => expect(shownCount()).toHaveTextContent('1 of 4'));
    await userEvent.type(find, ' none');
    await screen.findByText('No line matches');
    await userEvent.click(
      screen.getByRole('button', { name: 'Show all lines' }),
    );
    expect(await shownLines()).toHaveLength(4);
  });

  it('reads the lines of one service, without naming it on each', async () => {
    const { readLogs, render } = setup(LINES);
    await render();
    await list();
    await select('Service', 'Model invocation');
    await waitFor(async () => expect(await shownLines()).toHaveLength(2));
    expect(readLogs.mock.lastCall?.[1]).toMatchObject({
      service: 'model-invocation',
    });
    expect(await list()).not.toHaveTextContent('Model invocation');
  });

  it('shows detail on demand, by mouse and by arrow keys', async () => {
    const { render } = setup([
      { message: 'first', detail: '{"a":1}' },
      { message: 'no more to say' },
      { message: 'last', detail: '{"b":2}' },
    ]);
    await render();
    const toggles = within(await list()).getAllByRole('button');
    expect(toggles.map(toggle => toggle.tabIndex)).toEqual([-1, 0]);
    await userEvent.click(toggles[1]);
    expect(toggles[1]).toHaveAttribute('aria-expanded', 'true');
    expect(await list()).toHaveTextContent('{ "b": 2 }');

    await userEvent.keyboard('{ArrowUp}');
    expect(toggles[0]).toHaveFocus();
    await userEvent.keyboard('{Enter}');
    expect(await list()).toHaveTextContent('{ "a": 1 }');
    await userEvent.keyboard('{ArrowDown} ');
    expect(await list()).not.toHaveTextContent('{ "b": 2 }');
  });

  it('copies and saves what is shown', async () => {
    const { render } = setup(LINES);
    const user = userEvent.setup();
    const saved: Blob[] = [];
    URL.createObjectURL = jest.fn(blob => {
      saved.push(blob as Blob);
      return 'blob:logs';
    });
    URL.revokeObjectURL = jest.fn();
    const click = jest
      .spyOn(HTMLAnchorElement.prototype, 'click')
      .mockImplementation();
    await render();
    await list();
    await select('Level', 'Errors');
    await user.click(
      screen.getByRole('button', { name: 'Download shown lines' }),
    );
    expect(click.mock.contexts[0]).toMatchObject({
      download: `logged-${count}.log`,
      href: 'blob:logs',
    });
    expect(saved[0].size).toBe(
      '2026-03-02T09:00:03.000Z ERROR model-invocation Gave up\n'.length,
    );
    expect(URL.revokeObjectURL).toHaveBeenCalledWith('blob:logs');

    const copied: string[] = [];
    document.execCommand = jest.fn(() => {
      copied.push(String(document.getSelection()));
      return true;
    });
    await user.click(screen.getByRole('button', { name: 'Copy shown lines' }));
    expect(copied).toEqual([
      '2026-03-02T09:00:03.000Z ERROR model-invocation Gave up',
    ]);
    click.mockRestore();
  });

  it('wraps lines until told not to', async () => {
    const { render } = setup(LINES);
    await render();
    expect((await list()).className).toMatch(/wrapped/);
    expect((await list()).className).not.toMatch(/unwrapped/);
    await userEvent.click(screen.getByRole('checkbox', { name: 'Wrap lines' }));
    expect((await list()).className).toMatch(/unwrapped/);
  });

  it('says when nothing was logged', async () => {
    await setup().render();
    expect(await screen.findByText('Nothing logged yet')).toBeInTheDocument();
    expect(shownCount()).toHaveTextContent('0 lines');
    expect(
      screen.queryByRole('button', { name: 'Copy shown lines' }),
    ).toBeNull();
  });

  it('shows that it reads', async () => {
    const { readLogs, render } = setup(LINES);
    let answer!: () => void;
    const { readLogs: read } = FakeGenaiEnvironmentsApi.prototype;
    readLogs.mockImplementationOnce(async function later(this: any, ...args) {
      await new Promise<void>(resolve => {
        answer = resolve;
      });
      return read.apply(this, args);
    });
    await render();
    expect(
      await screen.findByRole('status', { name: 'Loading logs' }),
    ).toBeInTheDocument();
    answer();
    expect(await shownLines()).toHaveLength(4);
  });

  it('says why it could not read, and tries again on demand', async () => {
    const { readLogs, render } = setup(LINES);
    readLogs.mockRejectedValue(await fakeResponseError(404, 'It is gone.'));
    await render();
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('The logs could not be read');
    expect(alert).toHaveTextContent('It is gone.');
    readLogs.mockRestore();
    await userEvent.click(screen.getByRole('button', { name: 'Retry' }));
    expect(await shownLines()).toHaveLength(4);
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('reads nothing for those who may not, and says who may', async () => {
    const { readLogs, render } = setup(LINES);
    await render(['genai.log.read']);
    expect(
      await screen.findByText(
        /Only members of group:default\/payments can read the logs/,
      ),
    ).toBeInTheDocument();
    expect(readLogs).not.toHaveBeenCalled();
  });
});

describe('following', () => {
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
  async function follow(lines = LINES as Parameters<typeof setup>[0]) {
    const world = setup(lines);
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
