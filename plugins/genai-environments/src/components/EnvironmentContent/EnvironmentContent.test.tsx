import type { EnvironmentStatus } from '@genai-environments/backstage-plugin-genai-environments-common';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeGenaiEnvironmentsApi } from '../../__testUtils__/FakeGenaiEnvironmentsApi';
import { environmentFixture } from '../../__testUtils__/fixtures';
import { renderWithApi } from '../../__testUtils__/renderWithApi';
import { EnvironmentContent } from './EnvironmentContent';

const NAME = 'invoice-bot';
const BASE = '/catalog/default/resource/invoice-bot/environment';

function setup(path = BASE, status: Partial<EnvironmentStatus> = {}) {
  const api = new FakeGenaiEnvironmentsApi([environmentFixture({ status })]);
  const render = () =>
    renderWithApi(<EnvironmentContent name={NAME} />, {
      api,
      path,
      route: `${BASE}/*`,
    });
  return { api, render };
}

const events = () =>
  within(screen.getByRole('list', { name: 'Events, newest first' }))
    .getAllByRole('listitem')
    .map(item => item.textContent);

describe('EnvironmentContent', () => {
  it('opens with details, services, usage and conditions', async () => {
    const { api, render } = setup();
    const day = '2026-03-02';
    const clientId = 'client-default';
    const counts = { failedInvocations: 1, inputTokens: 1000, outputTokens: 5 };
    api.usage = [
      { model: 'a', day, clientId, invocations: 2, ...counts },
      { model: 'b', day, clientId, invocations: 7, ...counts },
      { model: 'a', day, clientId: 'other', invocations: 3, ...counts },
    ];
    await render();

    const services = await screen.findByRole('table', { name: 'Services' });
    expect(services).toHaveTextContent('Model invocationhealthy');
    const usage = await screen.findByRole('table', { name: 'Usage by model' });
    const rows = within(usage).getAllByRole('row');
    expect(rows.map(row => row.textContent)).toEqual([
      'ModelCallsFailedInput tokensOutput tokens',
      'b711,0005',
      'a522,00010',
      'Total1233,00015',
    ]);
    expect(screen.getByRole('table', { name: 'Conditions' })).toHaveTextContent(
      'All services answer.',
    );
    expect(screen.getByText('local')).toBeInTheDocument();
  });

  it.each([
    ['bundled', 'Version 0.1.0, as it was released'],
    ['own', "Version 0.1.0, built from the source in the project's repository"],
  ] as const)('says whose services run: %s', async (source, text) => {
    const { outputs } = environmentFixture().status;
    const runtime = { version: '0.1.0', source };
    const { render } = setup(BASE, {
      outputs: { ...outputs, runtime },
    });
    await render();
    expect(await screen.findByText(text)).toBeInTheDocument();
  });

  it('says that nothing was used yet', async () => {
    await setup().render();
    expect(await screen.findByText(/No calls yet/)).toBeInTheDocument();
  });

  it('gives each sub-tab an address', async () => {
    await setup(`${BASE}/activity`).render();
    const selected = await screen.findByRole('tab', { name: 'Activity' });
    expect(selected).toHaveAttribute('aria-selected', 'true');
    expect(selected).toHaveAttribute('href', `${BASE}/activity`);

    await userEvent.click(screen.getByRole('tab', { name: 'Credentials' }));
    expect(
      await screen.findByRole('table', { name: 'Applications' }),
    ).toBeInTheDocument();
    expect(screen.getByRole('tab', { name: 'Overview' })).toHaveAttribute(
      'href',
      BASE,
    );
  });

  it('shows what happened, newest first, live, and filters warnings', async () => {
    const { api, render } = setup(`${BASE}/activity`);
    await render();
    await screen.findByRole('list', { name: 'Events, newest first' });
    expect(events()[0]).toMatch(/invoice-bot was requested\.just now.*ada/);

    await userEvent.click(
      screen.getByRole('checkbox', { name: 'Warnings only' }),
    );
    expect(screen.getByText('No warnings')).toBeInTheDocument();

    act(() =>
      api.emit(NAME, { type: 'Warning', message: 'The process died.' }),
    );
    await screen.findByText('The process died.');
    expect(events()).toHaveLength(1);

    await userEvent.click(
      screen.getByRole('checkbox', { name: 'Warnings only' }),
    );
    await waitFor(() => expect(events()).toHaveLength(2));
    expect(events()[0]).toContain('The process died.');
    expect(events()[0]).toContain('automatic');
  });

  it('tells when there is no such environment', async () => {
    const { api, render } = setup();
    api.environments.clear();
    await render();
    expect(
      await screen.findByText('There is no environment called invoice-bot'),
    ).toBeInTheDocument();
  });
});
