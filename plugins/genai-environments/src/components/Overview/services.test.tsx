import type {
  Environment,
  EnvironmentStatus,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { fakeResponseError } from '../../__testUtils__/fakeErrors';
import { FakeGenaiEnvironmentsApi } from '../../__testUtils__/FakeGenaiEnvironmentsApi';
import { environmentFixture } from '../../__testUtils__/fixtures';
import { renderWithApi } from '../../__testUtils__/renderWithApi';
import { EnvironmentContent } from '../EnvironmentContent/EnvironmentContent';

const SERVICES: EnvironmentStatus['services'] = [
  {
    name: 'model-invocation',
    health: 'healthy',
    tasks: { running: 2, desired: 3 },
  },
  { name: 'app', health: 'healthy', tasks: { running: 1, desired: 1 } },
  { name: 'sidecar', health: 'healthy' },
];

// Decisions are cached by environment across tests, so each test names its own.
let count = 0;

async function setup(
  options: {
    canScale?: boolean;
    denied?: string[];
    spec?: Partial<Environment['spec']>;
    status?: Partial<EnvironmentStatus>;
  } = {},
) {
  const { canScale = true, denied, spec, status } = options;
  count += 1;
  const name = `scaled-${count}`;
  const environment = environmentFixture({
    name,
    status: { services: SERVICES, ...status },
  });
  environment.spec = { ...environment.spec, ...spec };
  const api = new FakeGenaiEnvironmentsApi([environment]);
  api.provisioners = api.provisioners.map(p => ({ ...p, canScale }));
  await renderWithApi(<EnvironmentContent name={name} />, { api, denied });
  return { api, name };
}

const menuButton = (label = 'Model invocation') =>
  screen.findByRole('button', { name: `Actions for ${label}` });
const row = async (name: RegExp) =>
  within(await screen.findByRole('table', { name: 'Services' })).getByRole(
    'row',
    { name },
  );

async function choose(item: string, label?: string) {
  await userEvent.click(await menuButton(label));
  await userEvent.click(await screen.findByRole('menuitem', { name: item }));
  return screen.findByRole('dialog');
}

const press = (dialog: HTMLElement, name: string) =>
  userEvent.click(within(dialog).getByRole('button', { name }));
const isUpdating = () =>
  screen.findByRole('status', { name: 'Phase: Updating' });

describe('services', () => {
  it('says of how many tasks each is, where that is known', async () => {
    await setup();
    expect(await row(/^Model invocation/)).toHaveTextContent('2 of 3 tasks');
    expect(await row(/^App/)).toHaveTextContent('healthy1 task');
    expect(await row(/^sidecar/)).not.toHaveTextContent('task');
  });

  it('restarts after saying what that interrupts, and shows it at once', async () => {
    const { api, name } = await setup();
    const dialog = await choose('Restart');
    expect(dialog).toHaveAccessibleName('Restart Model invocation');
    expect(dialog).toHaveTextContent('finish the requests they have');
    await press(dialog, 'Restart');

    await isUpdating();
    await waitFor(() => expect(dialog).not.toBeInTheDocument());
    expect(await menuButton()).toHaveFocus();
    const { restarts } = api.environments.get(name)!.spec;
    expect(Object.keys(restarts ?? {})).toEqual(['model-invocation']);
  });

  it('says that everything restarts where services cannot be scaled', async () => {
    await setup({ canScale: false });
    await userEvent.click(await menuButton('App'));
    const items = await screen.findAllByRole('menuitem');
    expect(items.map(item => item.textContent)).toEqual(['Restart']);
    await userEvent.click(items[0]);
    expect(await screen.findByRole('dialog')).toHaveTextContent(
      'restarts as a whole: for a second or two calls are refused',
    );
  });

  it('scales by keyboard, starting from what was asked for last', async () => {
    const { api, name } = await setup({
      spec: { tasks: { 'model-invocation': 4, app: 2 } },
    });
    (await menuButton()).focus();
    await userEvent.keyboard('{Enter}');
    await waitFor(() =>
      expect(screen.getByRole('menuitem', { name: 'Restart' })).toHaveFocus(),
    );
    await userEvent.keyboard('{ArrowDown}{Enter}');
    const field = await screen.findByRole('spinbutton', { name: /^Tasks/ });
    await waitFor(() => expect(field).toHaveFocus());
    expect(field).toHaveValue(4);
    expect(screen.getByRole('dialog')).toHaveTextContent(
      'two cost about twice as much as one',
    );
    await userEvent.clear(field);
    await userEvent.keyboard('6{Enter}');

    await isUpdating();
    await waitFor(() => expect(field).not.toBeInTheDocument());
    expect(await menuButton()).toHaveFocus();
    expect(api.environments.get(name)!.spec.tasks).toEqual({
      'model-invocation': 6,
      app: 2,
    });
  });

  it.each([
    ['0', 'The number must be at least 1; hibernate the environment'],
    ['11', 'The number must be at most 10.'],
    ['1.5', 'The number must be a whole number.'],
  ])('does not scale to %s tasks', async (typed, message) => {
    const { api } = await setup();
    const scale = jest.spyOn(api, 'scaleService');
    const dialog = await choose('Scale…');
    const field = within(dialog).getByRole('spinbutton');
    expect(field).toHaveValue(3);
    await userEvent.clear(field);
    expect(
      within(dialog).getByRole('button', { name: 'Scale' }),
    ).toBeDisabled();
    await userEvent.type(field, `${typed}{Enter}`);
    expect(dialog).toHaveTextContent(message);
    expect(field).toBeInvalid();
    expect(
      within(dialog).getByRole('button', { name: 'Scale' }),
    ).toBeDisabled();
    expect(scale).not.toHaveBeenCalled();
  });

  it.each([
    ['Restart', 'restartService', 'Restart'],
    ['Scale…', 'scaleService', 'Scale'],
  ] as const)(
    '%s says in its dialog why it failed',
    async (item, method, label) => {
      const { api } = await setup();
      jest
        .spyOn(api, method)
        .mockRejectedValueOnce(await fakeResponseError(409, 'It ends today.'));
      const dialog = await choose(item);
      await press(dialog, label);
      expect(await within(dialog).findByRole('alert')).toHaveTextContent(
        'It ends today.',
      );
      await press(dialog, label);
      await isUpdating();
    },
  );

  it.each([
    ['Hibernated', 'Nothing runs while the environment is hibernated.'],
    ['Provisioning', 'The environment starts for the first time.'],
    ['Deleting', 'The environment is being torn down.'],
  ] as const)(
    'offers nothing while %s, and says why',
    async (phase, reason) => {
      await setup({ status: { phase } });
      await userEvent.click(await menuButton());
      const items = await screen.findAllByRole('menuitem');
      expect(items).toHaveLength(2);
      items.forEach(item => {
        expect(item).toHaveAttribute('aria-disabled', 'true');
        expect(item).toHaveTextContent(reason);
      });
      await userEvent.keyboard('{ArrowDown}');
      expect(items[0]).toHaveFocus();
      await userEvent.keyboard('{Enter}');
      expect(screen.queryByRole('dialog')).toBeNull();
    },
  );

  it('offers nothing to those who may not change the environment', async () => {
    const { api } = await setup({ denied: ['genai.environment.update'] });
    await row(/^App/);
    // Asked for by nobody else here: it would come before the menus.
    const asked = jest.spyOn(api, 'listProvisioners');
    await screen.findByText(/No calls yet/);
    expect(asked).not.toHaveBeenCalled();
    expect(screen.queryByRole('button', { name: /^Actions for/ })).toBeNull();
  });

  it('offers nothing for what the environment was not asked to run', async () => {
    await setup();
    await menuButton();
    expect(
      screen.queryByRole('button', { name: 'Actions for sidecar' }),
    ).toBeNull();
  });
});
