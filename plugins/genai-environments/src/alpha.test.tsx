import { renderTestApp, mockApis } from '@backstage/frontend-test-utils';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import plugin from './alpha';
import { genaiEnvironmentsApiRef } from './api';
import { environmentEntity } from './__testUtils__/entity';
import { fakeResponseError } from './__testUtils__/fakeErrors';
import { FakeGenaiEnvironmentsApi } from './__testUtils__/FakeGenaiEnvironmentsApi';
import { environmentFixture } from './__testUtils__/fixtures';

function setup(
  name: string,
  options: { path?: string; denied?: string[] } = {},
) {
  const { path = `/catalog/default/resource/${name}`, denied = [] } = options;
  const api = new FakeGenaiEnvironmentsApi([environmentFixture({ name })]);
  renderTestApp({
    features: [catalogPlugin, plugin],
    initialRouteEntries: [path],
    apis: [
      [genaiEnvironmentsApiRef, api],
      [catalogApiRef, catalogApiMock({ entities: [environmentEntity(name)] })],
      [
        permissionApiRef,
        mockApis.permission({
          authorize: ({ permission }) =>
            denied.includes(permission.name)
              ? AuthorizeResult.DENY
              : AuthorizeResult.ALLOW,
        }),
      ],
    ],
  });
  return { api, name };
}

async function openTearDown(name: string) {
  await userEvent.click(
    await screen.findByRole('button', { name: 'More actions' }),
  );
  await userEvent.click(
    await screen.findByRole('menuitem', { name: 'Tear down' }),
  );
  return screen.findByRole('dialog', { name: `Tear down ${name}` });
}

describe('the plugin for the new frontend system', () => {
  it('has a fleet page with its own place in the navigation', async () => {
    setup('invoice-bot', { path: '/genai-environments' });
    expect(
      await screen.findByRole('link', { name: 'invoice-bot' }),
    ).toHaveAttribute('href', '/catalog/default/resource/invoice-bot');
    expect(screen.getAllByText('GenAI environments').length).toBeGreaterThan(0);
  });

  it('puts card and tab on the page of an environment', async () => {
    setup('invoice-bot');
    expect(
      await screen.findByRole('status', { name: 'Phase: Ready' }),
    ).toBeInTheDocument();

    await userEvent.click(screen.getByRole('link', { name: 'Environment' }));
    await userEvent.click(
      await screen.findByRole('tab', { name: 'Credentials' }),
    );
    expect(
      await screen.findByRole('table', { name: 'Applications' }),
    ).toBeInTheDocument();
  });

  it('shows logs to those who may read them', async () => {
    const path = '/catalog/default/resource/logged-bot/environment/logs';
    const { api } = setup('logged-bot', { path });
    expect(await screen.findByText('Nothing logged yet')).toBeInTheDocument();
    expect(screen.getByRole('tab', { name: 'Logs' })).toHaveAttribute(
      'aria-selected',
      'true',
    );
    api.logs.write({ message: 'Listening' });
    expect(
      await screen.findByText('Listening', {}, { timeout: 5000 }),
    ).toBeInTheDocument();
  });

  it('shows others who can read the logs', async () => {
    setup('quiet-bot', {
      path: '/catalog/default/resource/quiet-bot/environment/logs',
      denied: ['genai.log.read'],
    });
    expect(
      await screen.findByText(/Only members of group:default\/payments/),
    ).toBeInTheDocument();
  });

  it('restarts a service from its menu', async () => {
    const { api } = setup('restarted-bot', {
      path: '/catalog/default/resource/restarted-bot/environment',
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Actions for App' }),
    );
    await userEvent.click(
      await screen.findByRole('menuitem', { name: 'Restart' }),
    );
    const dialog = await screen.findByRole('dialog', { name: 'Restart App' });
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Restart' }),
    );
    await waitFor(() =>
      expect(api.environments.get('restarted-bot')?.spec.restarts).toEqual({
        app: expect.any(String),
      }),
    );
    expect(
      await screen.findByRole('status', { name: 'Phase: Updating' }),
    ).toBeInTheDocument();
  });

  it('tears down after the name was typed, shows it, and leaves', async () => {
    const { api, name } = setup('teardown-bot');
    const remove = jest.spyOn(api, 'deleteEnvironment');
    const dialog = await openTearDown(name);
    const losses = within(dialog).getByRole('list', {
      name: 'What will be lost',
    });
    await waitFor(() =>
      expect(losses).toHaveTextContent('1 application with their secrets'),
    );
    expect(losses).toHaveTextContent('Model invocation, App');
    expect(losses).toHaveTextContent('http://127.0.0.1:4010/app/');

    const field = within(dialog).getByRole('textbox', {
      name: `Type ${name} to confirm`,
    });
    await waitFor(() => expect(field).toHaveFocus());
    const button = within(dialog).getByRole('button', { name: 'Tear down' });
    expect(button).toBeDisabled();
    await userEvent.type(field, 'teardown{Enter}');
    expect(remove).not.toHaveBeenCalled();

    await userEvent.type(field, '-bot');
    expect(button).toBeEnabled();
    await userEvent.type(field, '{Enter}');
    await waitFor(() => expect(dialog).not.toBeInTheDocument());
    expect(remove).toHaveBeenCalledTimes(1);
    expect(
      await screen.findByRole('status', { name: 'Phase: Deleting' }),
    ).toBeInTheDocument();

    act(() => api.emit(name, { message: 'Gone.' }, { phase: 'Deleted' }));
    expect(
      await screen.findByText(`${name} was torn down. Nothing of it is left.`),
    ).toBeInTheDocument();
    expect(
      await screen.findByRole('table', { name: 'GenAI environments' }),
    ).toBeInTheDocument();
  });

  it('keeps the dialog open when the teardown is refused', async () => {
    const { api, name } = setup('refused-bot');
    jest
      .spyOn(api, 'deleteEnvironment')
      .mockRejectedValue(
        await fakeResponseError(403, 'You lack the permission.'),
      );
    const dialog = await openTearDown(name);
    await userEvent.type(within(dialog).getByRole('textbox'), `${name}{Enter}`);
    expect(await within(dialog).findByRole('alert')).toHaveTextContent(
      'You lack the permission.',
    );
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Cancel' }),
    );
    await waitFor(() => expect(dialog).not.toBeInTheDocument());
    expect(screen.getByRole('button', { name: 'More actions' })).toHaveFocus();
  });

  it('offers no teardown to those who may not', async () => {
    setup('foreign-bot', { denied: ['genai.environment.delete'] });
    await userEvent.click(
      await screen.findByRole('button', { name: 'More actions' }),
    );
    expect(
      await screen.findByRole('menuitem', {
        name: 'Tear down (only its owners can)',
      }),
    ).toHaveAttribute('aria-disabled', 'true');
  });
});
