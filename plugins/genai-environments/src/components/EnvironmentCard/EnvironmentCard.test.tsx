import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { fakeResponseError } from '../../__testUtils__/fakeErrors';
import { FakeGenaiEnvironmentsApi } from '../../__testUtils__/FakeGenaiEnvironmentsApi';
import { environmentFixture } from '../../__testUtils__/fixtures';
import { renderWithApi } from '../../__testUtils__/renderWithApi';
import { EnvironmentCard } from './EnvironmentCard';

const card = <EnvironmentCard name="invoice-bot" />;

function apiWith(...args: Parameters<typeof environmentFixture>) {
  return new FakeGenaiEnvironmentsApi([environmentFixture(...args)]);
}

describe('EnvironmentCard', () => {
  it('shows how an environment is and where to find it', async () => {
    await renderWithApi(card, { api: apiWith() });

    expect(
      await screen.findByRole('status', { name: 'Phase: Ready' }),
    ).toBeInTheDocument();
    expect(screen.getByText('http://127.0.0.1:4010')).toBeInTheDocument();
    expect(
      screen.getByRole('button', { name: 'Copy endpoint' }),
    ).toBeInTheDocument();
    expect(screen.getByRole('link', { name: /Open the app/ })).toHaveAttribute(
      'href',
      'http://127.0.0.1:4010/app/',
    );
    expect(screen.getByText('in 6 days')).toBeInTheDocument();
    expect(screen.getByText('sandbox')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: /payments/ })).toBeInTheDocument();
    const services = screen.getByRole('list', { name: 'Services' });
    expect(services).toHaveTextContent('Model invocationhealthy');
    expect(
      within(services).getByRole('link', { name: /^App/ }),
    ).toHaveAttribute('href', 'http://127.0.0.1:4010/app/');
    const models = screen.getByRole('list', { name: 'Models' });
    expect(within(models).getByText('local.embedding')).toBeInTheDocument();
  });

  it('says that it is loading', async () => {
    const api = apiWith();
    jest.spyOn(api, 'getEnvironment').mockReturnValue(new Promise(() => {}));
    await renderWithApi(card, { api });
    expect(
      screen.getByRole('status', { name: 'Loading environment invoice-bot' }),
    ).toBeInTheDocument();
  });

  it('shows progress with the latest event, live', async () => {
    const api = apiWith({
      status: {
        phase: 'Provisioning',
        services: [],
        outputs: {},
        progress: {
          completedSteps: 1,
          totalSteps: 4,
          currentStep: 'Starting the runtime',
        },
      },
    });
    await renderWithApi(card, { api });
    expect(
      await screen.findByText('Step 2 of 4: Starting the runtime'),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('progressbar', { name: 'Provisioning progress' }),
    ).toHaveAttribute('aria-valuenow', '25');
    expect(screen.getByText('Available once Ready')).toBeInTheDocument();

    act(() => api.emit('invoice-bot', { message: 'The port is taken.' }));
    expect(await screen.findByText('The port is taken.')).toBeInTheDocument();

    act(() =>
      api.emit(
        'invoice-bot',
        { message: 'All services answer.' },
        { ...environmentFixture().status, progress: undefined },
      ),
    );
    expect(
      await screen.findByRole('status', { name: 'Phase: Ready' }),
    ).toBeInTheDocument();
    expect(screen.queryByText(/Step 2/)).not.toBeInTheDocument();
  });

  it.each(['Degraded', 'Failed'] as const)(
    'puts cause and next action first when it is %s',
    async phase => {
      const api = apiWith({
        status: {
          phase,
          conditions: [
            {
              type: 'Ready',
              status: 'False',
              reason: 'ProcessExited',
              message: 'The runtime exited with code 78.',
              nextAction: 'Read its log and restart it.',
              lastTransitionAt: '2026-03-02T09:00:00.000Z',
            },
          ],
        },
      });
      await renderWithApi(card, { api });
      const alert = await screen.findByRole('alert');
      expect(alert).toHaveTextContent('The runtime exited with code 78.');
      expect(alert).toHaveTextContent(
        'What to do: Read its log and restart it.',
      );
    },
  );

  it('shows an error and tries again', async () => {
    const api = apiWith();
    const read = jest
      .spyOn(api, 'getEnvironment')
      .mockRejectedValue(await fakeResponseError(403, 'Ask its owner.'));
    await renderWithApi(card, { api });
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'Ask its owner.',
    );

    read.mockRestore();
    await userEvent.click(screen.getByRole('button', { name: 'Retry' }));
    expect(
      await screen.findByRole('status', { name: 'Phase: Ready' }),
    ).toBeInTheDocument();
  });

  it('says when there is no such environment', async () => {
    await renderWithApi(card, { api: new FakeGenaiEnvironmentsApi() });
    expect(
      await screen.findByText('There is no environment called invoice-bot'),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('link', { name: 'See all GenAI environments' }),
    ).toHaveAttribute('href', '/genai-environments');
  });

  it('says when it was torn down by somebody else', async () => {
    const api = apiWith();
    await renderWithApi(card, { api });
    await screen.findByRole('status', { name: 'Phase: Ready' });
    act(() =>
      api.emit('invoice-bot', { message: 'Gone.' }, { phase: 'Deleted' }),
    );
    expect(
      await screen.findByText('invoice-bot was torn down'),
    ).toBeInTheDocument();
  });

  it('closes its stream when it leaves the page', async () => {
    const api = apiWith();
    const { unmount } = await renderWithApi(card, { api });
    await waitFor(() => expect(api.events.openStreams).toBe(1));
    unmount();
    await waitFor(() => expect(api.events.openStreams).toBe(0));
  });
});
