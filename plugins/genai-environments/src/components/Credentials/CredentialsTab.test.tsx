import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { fakeResponseError } from '../../__testUtils__/fakeErrors';
import {
  FakeGenaiEnvironmentsApi,
  FAKE_SECRET,
} from '../../__testUtils__/FakeGenaiEnvironmentsApi';
import {
  applicationFixture,
  environmentFixture,
} from '../../__testUtils__/fixtures';
import { renderWithApi } from '../../__testUtils__/renderWithApi';
import { CredentialsTab } from './CredentialsTab';

// Decisions are cached by environment across tests, so each test names its own.
let count = 0;

async function setup(
  options: { denied?: string[]; environment?: object } = {},
) {
  count += 1;
  const name = `bot-${count}`;
  const environment = environmentFixture({ name, ...options.environment });
  const api = new FakeGenaiEnvironmentsApi([environment]);
  const reveal = jest.spyOn(api, 'revealSecret');
  const render = () =>
    renderWithApi(
      <CredentialsTab
        environment={environment}
        events={api.events.after(name)}
      />,
      { api, denied: options.denied },
    );
  return { api, name, reveal, render };
}

async function openMenu(application = 'default') {
  await userEvent.click(
    await screen.findByRole('button', { name: `Actions for ${application}` }),
  );
}

const table = () => screen.findByRole('table', { name: 'Applications' });

describe('CredentialsTab', () => {
  it('shows addresses and applications, and asks for no secret', async () => {
    const { reveal, render } = await setup();
    await render();
    const row = within(await table()).getByRole('row', { name: /default/ });
    expect(row).toHaveTextContent('client-default');
    expect(row).toHaveTextContent('genaifoundations/read');
    expect(row).toHaveTextContent('Enabled');
    expect(row).toHaveTextContent('Not revealed yet');
    expect(
      screen.getByText('http://127.0.0.1:4010/oauth2/token'),
    ).toBeInTheDocument();
    expect(reveal).not.toHaveBeenCalled();
  });

  it('reveals a secret once, masked, and forgets it', async () => {
    const { render } = await setup();
    await render();
    await userEvent.click(
      await screen.findByRole('button', { name: 'Reveal secret of default' }),
    );
    const dialog = await screen.findByRole('dialog', {
      name: 'Secret of default',
    });
    expect(dialog).toHaveTextContent('The secret is shown once.');
    const button = within(dialog).getByRole('button', {
      name: 'Reveal secret',
    });
    expect(button).toHaveFocus();
    await userEvent.click(button);

    const field = await within(dialog).findByLabelText(
      'Client secret of default',
    );
    expect(field).toHaveAttribute('type', 'password');
    expect(field).toHaveValue(FAKE_SECRET);
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Show secret' }),
    );
    expect(field).toHaveAttribute('type', 'text');
    expect(
      within(dialog).getByRole('button', { name: 'Copy secret' }),
    ).toBeInTheDocument();

    await userEvent.keyboard('{Escape}');
    expect(field).toBeInTheDocument();
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'I have stored it' }),
    );
    await waitFor(() => expect(dialog).not.toBeInTheDocument());
    expect(document.body.innerHTML).not.toContain(FAKE_SECRET);
    expect(await table()).toHaveTextContent(/Revealed just now/);
    expect(
      screen.getByRole('button', { name: 'Reveal secret of default' }),
    ).toBeDisabled();
    // The keyboard cannot return to a button that is switched off.
    expect(screen.getByRole('group', { name: 'Applications' })).toHaveFocus();
  });

  it('offers rotation when somebody else was faster', async () => {
    const { api, name, render } = await setup();
    await render();
    await userEvent.click(
      await screen.findByRole('button', { name: 'Reveal secret of default' }),
    );
    await api.revealSecret(name, 'app-default');
    await userEvent.click(
      await screen.findByRole('button', { name: 'Reveal secret' }),
    );
    expect(await screen.findByText(/was revealed already/)).toBeInTheDocument();

    await userEvent.click(screen.getByRole('button', { name: 'Rotate' }));
    const dialog = await screen.findByRole('dialog', {
      name: 'Rotate the secret of default',
    });
    expect(dialog).toHaveTextContent('stays valid for 24 hours');
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Rotate secret' }),
    );
    await waitFor(() => expect(dialog).not.toBeInTheDocument());
    expect(
      screen.getByRole('button', { name: 'Reveal secret of default' }),
    ).toBeEnabled();
  });

  it('disables and enables', async () => {
    const { render } = await setup();
    await render();
    await openMenu();
    await userEvent.click(
      await screen.findByRole('menuitem', { name: 'Disable' }),
    );
    await userEvent.click(
      await screen.findByRole('button', { name: 'Disable' }),
    );
    await waitFor(async () =>
      expect(await table()).toHaveTextContent('Disabled'),
    );
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(
      screen.getByRole('button', { name: 'Actions for default' }),
    ).toHaveFocus();

    await openMenu();
    await userEvent.click(
      await screen.findByRole('menuitem', { name: 'Enable' }),
    );
    await userEvent.click(
      await screen.findByRole('button', { name: 'Enable' }),
    );
    await waitFor(async () =>
      expect(await table()).toHaveTextContent('Enabled'),
    );
  });

  it('asks before it deletes, and keeps the dialog open on an error', async () => {
    const { api, render } = await setup();
    const remove = jest
      .spyOn(api, 'deleteApplication')
      .mockRejectedValueOnce(
        await fakeResponseError(503, 'The environment does not answer.'),
      );
    await render();
    await openMenu();
    await userEvent.click(
      await screen.findByRole('menuitem', { name: 'Delete' }),
    );
    expect(remove).not.toHaveBeenCalled();
    const confirm = await screen.findByRole('button', {
      name: 'Delete application',
    });
    await userEvent.click(confirm);
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'The environment does not answer.',
    );
    await userEvent.click(confirm);
    expect(await screen.findByText('No applications')).toBeInTheDocument();
  });

  it('adds an application and follows it until it is in force', async () => {
    const { api, name, render } = await setup();
    await render();
    await userEvent.click(
      await screen.findByRole('button', { name: 'Add application' }),
    );
    const dialog = await screen.findByRole('dialog', {
      name: 'Add application',
    });
    const submit = within(dialog).getByRole('button', {
      name: 'Add application',
    });
    expect(submit).toBeDisabled();

    const nameField = within(dialog).getByRole('textbox', { name: /Name/ });
    expect(nameField).toHaveFocus();
    await userEvent.type(nameField, 'Billing');
    expect(dialog).toHaveTextContent('must start with a lower-case letter');
    await userEvent.clear(nameField);
    await userEvent.type(nameField, 'billing');
    await userEvent.click(
      within(dialog).getByRole('checkbox', { name: /genai\/usage\.read/ }),
    );
    await userEvent.type(nameField, '{Enter}');

    const row = await screen.findByRole('row', { name: /billing/ });
    expect(row).toHaveTextContent('genai/usage.read');
    expect(row).toHaveTextContent('Taking effect…');

    api.applications.set(name, [
      ...api.applications.get(name)!.slice(0, 1),
      applicationFixture({ name: 'billing' }),
    ]);
    await waitFor(
      () =>
        expect(
          screen.getByRole('row', { name: /billing/ }),
        ).not.toHaveTextContent('Taking effect…'),
      { timeout: 4000 },
    );
  });

  it('offers administration only to those who may give it', async () => {
    const offered = async (denied: string[]) => {
      const { render } = await setup({ denied });
      const { unmount } = await render();
      await userEvent.click(
        await screen.findByRole('button', { name: 'Add application' }),
      );
      await screen.findByRole('checkbox', { name: /genai\/usage\.read/ });
      const box = screen.queryByRole('checkbox', { name: /genai\/admin/ });
      unmount();
      return box !== null;
    };
    expect(await offered(['genai.application.administer'])).toBe(false);
    expect(await offered([])).toBe(true);
  });

  it('tells other teams why they see no secret', async () => {
    const { render } = await setup({
      denied: ['genai.credential.reveal', 'genai.application.manage'],
    });
    await render();
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'Only members of group:default/payments can see secrets and change applications.',
    );
    await table();
    expect(screen.queryByRole('button', { name: /Reveal/ })).toBeNull();
    expect(screen.queryByRole('button', { name: /Actions/ })).toBeNull();
    expect(screen.queryByRole('button', { name: /Add/ })).toBeNull();
  });

  it('says what to do when the applications cannot be read', async () => {
    const { api, render } = await setup();
    const read = jest
      .spyOn(api, 'listApplications')
      .mockRejectedValue(new TypeError('Failed to fetch'));
    await render();
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'The applications could not be read',
    );
    read.mockRestore();
    await userEvent.click(screen.getByRole('button', { name: 'Retry' }));
    expect(await table()).toHaveTextContent('client-default');
  });

  it('offers code with the environment’s own values and no secret', async () => {
    const { render } = await setup();
    await render();
    const panel = await screen.findByRole('tabpanel');
    for (const language of ['curl', 'TypeScript', 'Python']) {
      await userEvent.click(screen.getByRole('tab', { name: language }));
      await waitFor(() =>
        expect(panel).toHaveTextContent(/GENAI_CLIENT_SECRET/),
      );
      expect(panel).toHaveTextContent('http://127.0.0.1:4010/v1');
      expect(panel).toHaveTextContent('http://127.0.0.1:4010/oauth2/token');
      expect(panel).toHaveTextContent('client-default');
      expect(panel).toHaveTextContent('local.extractive');
    }
  });

  it('waits with the code until the environment has an address', async () => {
    const { render } = await setup({
      environment: { status: { phase: 'Provisioning', outputs: {} } },
    });
    await render();
    await table();
    expect(screen.getByText(/once the environment is Ready\./)).toBeVisible();
    expect(screen.queryByRole('tab')).toBeNull();
  });
});
