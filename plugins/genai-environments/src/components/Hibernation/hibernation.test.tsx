import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { fakeResponseError } from '../../__testUtils__/fakeErrors';
import { FakeGenaiEnvironmentsApi } from '../../__testUtils__/FakeGenaiEnvironmentsApi';
import { environmentFixture } from '../../__testUtils__/fixtures';
import { renderWithApi } from '../../__testUtils__/renderWithApi';
import { EnvironmentCard } from '../EnvironmentCard/EnvironmentCard';

const card = <EnvironmentCard name="invoice-bot" />;

function setup(
  options: { name?: string; canHibernate?: boolean; sleeping?: boolean } = {},
) {
  const { name, canHibernate = true, sleeping = false } = options;
  const environment = environmentFixture(name ? { name } : {});
  const { status } = environment;
  const api = new FakeGenaiEnvironmentsApi([
    sleeping
      ? { ...environment, status: { ...status, phase: 'Hibernated' } }
      : environment,
  ]);
  api.provisioners = api.provisioners.map(p => ({ ...p, canHibernate }));
  return api;
}

const phase = (name: string) =>
  screen.findByRole('status', { name: `Phase: ${name}` });
const button = (name: string) => screen.queryByRole('button', { name });

describe('hibernation', () => {
  it('asks, and then puts the environment to sleep', async () => {
    const api = setup();
    await renderWithApi(card, { api });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Hibernate' }),
    );
    const dialog = screen.getByRole('dialog', {
      name: 'Hibernate invoice-bot',
    });
    expect(dialog).toHaveTextContent('Its data, its address');
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Hibernate' }),
    );
    await phase('Hibernating');
    await waitFor(() => expect(dialog).not.toBeInTheDocument());
    expect(button('Hibernate')).toBeNull();
  });

  it('wakes an environment that sleeps', async () => {
    const api = setup({ sleeping: true });
    await renderWithApi(card, { api });
    expect(
      await screen.findByText('The environment is hibernated'),
    ).toBeInTheDocument();
    await userEvent.click(await screen.findByRole('button', { name: 'Wake' }));
    await phase('Updating');
  });

  it('says why it could not be woken, and can be asked again', async () => {
    const api = setup({ sleeping: true });
    jest
      .spyOn(api, 'wakeEnvironment')
      .mockRejectedValueOnce(await fakeResponseError(409, 'It ends today.'));
    await renderWithApi(card, { api });
    await userEvent.click(await screen.findByRole('button', { name: 'Wake' }));
    expect(await screen.findByText(/It ends today/)).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Wake' }));
    await phase('Updating');
    expect(screen.queryByText(/It ends today/)).toBeNull();
  });

  it('offers nothing where environments cannot hibernate', async () => {
    const api = setup({ canHibernate: false });
    const asked = jest.spyOn(api, 'listProvisioners');
    await renderWithApi(card, { api });
    await phase('Ready');
    await waitFor(() => expect(asked).toHaveBeenCalled());
    expect(button('Hibernate')).toBeNull();
  });

  it('offers nothing to those who may not', async () => {
    // Permissions are cached by resource, across tests.
    const api = setup({ name: 'not-mine', sleeping: true });
    await renderWithApi(<EnvironmentCard name="not-mine" />, {
      api,
      denied: ['genai.environment.update'],
    });
    expect(
      await screen.findByText(/Its owners can wake it/),
    ).toBeInTheDocument();
    expect(button('Wake')).toBeNull();
  });
});
