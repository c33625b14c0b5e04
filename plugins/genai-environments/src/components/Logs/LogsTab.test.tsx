import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { fakeResponseError } from '../../__testUtils__/fakeErrors';
import { FakeGenaiEnvironmentsApi } from '../../__testUtils__/FakeGenaiEnvironmentsApi';
import {
  LINES,
  list,
  setupLogs,
  shownCount,
  shownLines,
} from '../../__testUtils__/setupLogs';

async function select(label: string, option: string) {
  await userEvent.click(screen.getByRole('button', { name: RegExp(label) }));
  await userEvent.click(await screen.findByRole('option', { name: option }));
}

describe('LogsTab', () => {
  it('shows time, level, service and message of each line', async () => {
    const { render } = setupLogs(LINES);
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
    const { render } = setupLogs(LINES);
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
    expect(find).toHaveFocus();
    expect(await shownLines()).toHaveLength(4);
  });

  it('reads the lines of one service, without naming it on each', async () => {
    const { readLogs, render } = setupLogs(LINES);
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
    const { render } = setupLogs([
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
    const { name, render } = setupLogs(LINES);
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
      download: `${name}.log`,
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
    const { render } = setupLogs(LINES);
    await render();
    expect((await list()).className).toMatch(/wrapped/);
    expect((await list()).className).not.toMatch(/unwrapped/);
    await userEvent.click(screen.getByRole('checkbox', { name: 'Wrap lines' }));
    expect((await list()).className).toMatch(/unwrapped/);
  });

  it('says when nothing was logged', async () => {
    await setupLogs().render();
    expect(await screen.findByText('Nothing logged yet')).toBeInTheDocument();
    expect(shownCount()).toHaveTextContent('0 lines');
    expect(
      screen.queryByRole('button', { name: 'Copy shown lines' }),
    ).toBeNull();
  });

  it('shows that it reads', async () => {
    const { readLogs, render } = setupLogs(LINES);
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
    const { readLogs, render } = setupLogs(LINES);
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
    const { readLogs, render } = setupLogs(LINES);
    await render(['genai.log.read']);
    expect(
      await screen.findByText(
        /Only members of group:default\/payments can read the logs/,
      ),
    ).toBeInTheDocument();
    expect(readLogs).not.toHaveBeenCalled();
  });
});
