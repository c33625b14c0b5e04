import { identityApiRef } from '@backstage/core-plugin-api';
import { signalApiRef } from '@backstage/plugin-signals-react';
import { mockApis } from '@backstage/test-utils';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeGenaiEnvironmentsApi } from '../../__testUtils__/FakeGenaiEnvironmentsApi';
import { environmentFixture } from '../../__testUtils__/fixtures';
import { renderWithApi } from '../../__testUtils__/renderWithApi';
import { FleetPage } from './FleetPage';

const identityApi = mockApis.identity({
  userEntityRef: 'user:default/ada',
  ownershipEntityRefs: ['user:default/ada', 'group:default/payments'],
});

function setup(
  options: {
    api?: FakeGenaiEnvironmentsApi;
    denied?: string[];
    signals?: object;
  } = {},
) {
  const api =
    options.api ??
    new FakeGenaiEnvironmentsApi([
      environmentFixture({ name: 'invoice-bot' }),
      environmentFixture({ name: 'ada-lab', owner: 'user:default/ada' }),
      environmentFixture({
        name: 'search',
        owner: 'group:default/web',
        status: { phase: 'Degraded' },
        expiresAt: undefined,
      }),
    ]);
  const render = () =>
    renderWithApi(<FleetPage />, {
      api,
      denied: options.denied,
      extraApis: [
        [identityApiRef, identityApi],
        ...(options.signals ? [[signalApiRef, options.signals] as const] : []),
      ],
    });
  return { api, render };
}

const table = () => screen.findByRole('table', { name: 'GenAI environments' });

/** Names in the order shown. */
async function names() {
  const rows = within(await table())
    .getAllByRole('row')
    .slice(1);
  return rows.map(row => within(row).getAllByRole('cell')[0].textContent);
}

async function waitForNames(expected: string[]) {
  await waitFor(async () => expect(await names()).toEqual(expected));
}

describe('FleetPage', () => {
  it('shows the platform team everybody’s environments', async () => {
    await setup().render();
    await waitForNames(['ada-lab', 'invoice-bot', 'search']);
    expect(
      screen.getByRole('heading', { name: 'GenAI environments' }),
    ).toBeInTheDocument();
    const row = screen.getByRole('row', { name: /search/ });
    expect(row).toHaveTextContent('Degraded');
    expect(row).toHaveTextContent('Never');
    expect(within(row).getByRole('link', { name: 'search' })).toHaveAttribute(
      'href',
      '/catalog/default/resource/search',
    );
    expect(
      screen.getByRole('button', { name: 'Create Environment' }),
    ).toHaveAttribute('href', '/create/templates/default/genai-environment');
    expect(screen.getByText('Showing 3 environments')).toBeInTheDocument();
  });

  it('filters by phase, owner and text, and sorts', async () => {
    await setup().render();
    await waitForNames(['ada-lab', 'invoice-bot', 'search']);

    await userEvent.click(screen.getByRole('button', { name: 'Name' }));
    await waitForNames(['search', 'invoice-bot', 'ada-lab']);

    await userEvent.type(screen.getByRole('searchbox', { name: 'Find' }), 'bo');
    await waitForNames(['invoice-bot']);
    expect(screen.getByText('1 of 3 environments')).toBeInTheDocument();
    await userEvent.clear(screen.getByRole('searchbox', { name: 'Find' }));

    await userEvent.click(
      within(screen.getByRole('search')).getByRole('button', {
        name: /^Phase/,
      }),
    );
    await userEvent.click(screen.getByRole('option', { name: 'Degraded' }));
    await waitForNames(['search']);

    await userEvent.click(
      within(screen.getByRole('search')).getByRole('button', {
        name: /^Phase/,
      }),
    );
    await userEvent.click(screen.getByRole('option', { name: 'Failed' }));
    expect(
      await screen.findByText('No environment matches'),
    ).toBeInTheDocument();
    await userEvent.click(
      screen.getByRole('button', { name: 'Clear filters' }),
    );
    expect(screen.getByRole('searchbox', { name: 'Find' })).toHaveFocus();
    await waitForNames(['ada-lab', 'invoice-bot', 'search']);
  });

  it('lets one go from owner to owner', async () => {
    await setup().render();
    await waitForNames(['ada-lab', 'invoice-bot', 'search']);
    for (const [owner, expected] of [
      ['web', 'search'],
      ['payments', 'invoice-bot'],
    ]) {
      await userEvent.click(
        within(screen.getByRole('search')).getByRole('button', {
          name: /^Owner/,
        }),
      );
      await userEvent.click(screen.getByRole('option', { name: owner }));
      await waitForNames([expected]);
      expect(screen.getByText('Showing 1 environment')).toBeInTheDocument();
    }
  });

  it('shows one’s own with one click', async () => {
    await setup().render();
    await waitForNames(['ada-lab', 'invoice-bot', 'search']);
    await userEvent.click(screen.getByRole('button', { name: 'Mine' }));
    await waitForNames(['ada-lab', 'invoice-bot']);
    expect(screen.getByText('Showing 2 environments')).toBeInTheDocument();
  });

  it('leads to the first environment when there is none', async () => {
    await setup({ api: new FakeGenaiEnvironmentsApi() }).render();
    expect(
      await screen.findByText('There is no environment yet'),
    ).toBeInTheDocument();
    expect(
      await screen.findByRole('button', { name: 'Create Environment' }),
    ).toHaveAttribute('href', '/create/templates/default/genai-environment');
  });

  it('shows a skeleton, then an error, and tries again', async () => {
    const { api, render } = setup();
    let fail: (error: Error) => void = () => {};
    const list = jest
      .spyOn(api, 'listEnvironments')
      .mockReturnValue(new Promise((_, reject) => (fail = reject)));
    await render();
    expect(await table()).toHaveAttribute('aria-busy', 'true');

    await waitFor(() => expect(list).toHaveBeenCalled());
    act(() => fail(new TypeError('Failed to fetch')));
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'The portal does not answer.',
    );
    list.mockRestore();
    await userEvent.click(screen.getByRole('button', { name: 'Retry' }));
    await waitForNames(['ada-lab', 'invoice-bot', 'search']);
  });

  it('goes through many page by page', async () => {
    const many = Array.from({ length: 60 }, (_, i) =>
      environmentFixture({ name: `bot-${i + 100}` }),
    );
    const { api, render } = setup({ api: new FakeGenaiEnvironmentsApi(many) });
    const list = jest.spyOn(api, 'listEnvironments');
    await render();
    await screen.findByText(
      'Showing the first 50 environments; there are more',
    );
    expect(screen.queryByText('bot-159')).toBeNull();

    await userEvent.click(screen.getByText('Load more'));
    await screen.findByText('Showing 60 environments');
    expect(screen.getByText('bot-159')).toBeInTheDocument();
    expect(screen.queryByText('Load more')).toBeNull();
    expect(list).toHaveBeenCalledTimes(2);
  });

  it('refreshes on a signal and keeps what was loaded', async () => {
    let signal: (message: object) => void = () => {};
    const unsubscribe = jest.fn();
    const signals = {
      subscribe: (_: string, onMessage: typeof signal) => {
        signal = onMessage;
        return { unsubscribe };
      },
    };
    const { api, render } = setup({ signals });
    const { unmount } = await render();
    await waitForNames(['ada-lab', 'invoice-bot', 'search']);

    api.environments.delete('ada-lab');
    api.put(environmentFixture({ name: 'new-bot' }));
    act(() => signal({ name: 'new-bot' }));
    await waitForNames(['invoice-bot', 'new-bot', 'search']);
    unmount();
    expect(unsubscribe).toHaveBeenCalled();
  });
});
