import {
  AsyncEntityProvider,
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import {
  mockApis,
  renderInTestApp,
  TestApiProvider,
} from '@backstage/test-utils';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactNode } from 'react';
import { Route, Routes } from 'react-router-dom';
import {
  EntityGenaiEnvironmentCard,
  EntityGenaiEnvironmentContent,
  genaiEnvironmentsApiRef,
  GenaiEnvironmentsPage,
  genaiEnvironmentsPlugin,
  isGenaiEnvironment,
  isGenaiEnvironmentAvailable,
  useGenaiEnvironmentTearDown,
} from './index';
import { environmentEntity } from './__testUtils__/entity';
import { FakeGenaiEnvironmentsApi } from './__testUtils__/FakeGenaiEnvironmentsApi';
import { environmentFixture } from './__testUtils__/fixtures';

const NAME = 'classic-bot';
const ENTITY_PATH = `/catalog/default/resource/${NAME}`;

/** A classic app with the fleet page and an entity page that shows `children`. */
async function renderClassicApp(path: string, children: ReactNode) {
  const api = new FakeGenaiEnvironmentsApi([
    environmentFixture({ name: NAME }),
  ]);
  const permissionApi = mockApis.permission({
    authorize: AuthorizeResult.ALLOW,
  });
  await renderInTestApp(
    <TestApiProvider
      apis={[
        [genaiEnvironmentsApiRef, api],
        [permissionApiRef, permissionApi],
      ]}
    >
      <Routes>
        <Route path="/genai-environments" element={<GenaiEnvironmentsPage />} />
        <Route
          path={`${ENTITY_PATH}/environment/*`}
          element={
            <EntityProvider entity={environmentEntity(NAME)}>
              {children}
            </EntityProvider>
          }
        />
      </Routes>
    </TestApiProvider>,
    {
      routeEntries: [path],
      mountedRoutes: {
        '/catalog/:namespace/:kind/:name': entityRouteRef,
      },
    },
  );
  return api;
}

function TearDownMenu() {
  const { menuItems, dialog } = useGenaiEnvironmentTearDown();
  return (
    <>
      {menuItems.map(({ title, onClick }) => (
        <button key={title} onClick={onClick}>
          {title}
        </button>
      ))}
      {dialog}
    </>
  );
}

describe('the plugin for the classic frontend system', () => {
  it('brings the client of the REST API', () => {
    const apis = [...genaiEnvironmentsPlugin.getApis()];
    expect(apis.map(factory => factory.api)).toEqual([genaiEnvironmentsApiRef]);
  });

  it('has a fleet page', async () => {
    await renderClassicApp('/genai-environments', null);
    expect(
      await screen.findByRole('heading', { name: 'GenAI environments' }),
    ).toBeInTheDocument();
    expect(await screen.findByRole('link', { name: NAME })).toBeInTheDocument();
  });

  it('has a card', async () => {
    await renderClassicApp(
      `${ENTITY_PATH}/environment`,
      <EntityGenaiEnvironmentCard />,
    );
    expect(
      await screen.findByRole('status', { name: 'Phase: Ready' }),
    ).toBeInTheDocument();
  });

  it('has logs and restarts', async () => {
    const api = await renderClassicApp(
      `${ENTITY_PATH}/environment/logs`,
      <EntityGenaiEnvironmentContent />,
    );
    expect(await screen.findByText('Nothing logged yet')).toBeInTheDocument();

    await userEvent.click(screen.getByRole('tab', { name: 'Overview' }));
    await userEvent.click(
      await screen.findByRole('button', { name: 'Actions for App' }),
    );
    await userEvent.click(
      await screen.findByRole('menuitem', { name: 'Restart' }),
    );
    await userEvent.click(
      await screen.findByRole('button', { name: 'Restart' }),
    );
    await waitFor(() =>
      expect(api.environments.get(NAME)?.spec.restarts?.app).toBeDefined(),
    );
  });

  it('has a tab with sub-tabs of their own address', async () => {
    await renderClassicApp(
      `${ENTITY_PATH}/environment/activity`,
      <EntityGenaiEnvironmentContent />,
    );
    const list = await screen.findByRole('list', {
      name: 'Events, newest first',
    });
    expect(within(list).getByText(`${NAME} was requested.`)).toBeVisible();
    expect(screen.getByRole('tab', { name: 'Overview' })).toHaveAttribute(
      'href',
      `${ENTITY_PATH}/environment`,
    );
  });

  it('has a teardown for the context menu', async () => {
    const api = await renderClassicApp(
      `${ENTITY_PATH}/environment`,
      <TearDownMenu />,
    );
    await userEvent.click(
      await screen.findByRole('button', { name: 'Tear down' }),
    );
    const dialog = await screen.findByRole('dialog');
    await userEvent.type(within(dialog).getByRole('textbox'), `${NAME}{Enter}`);
    await waitFor(() => expect(dialog).not.toBeInTheDocument());
    expect(api.environments.get(NAME)?.status.phase).toBe('Deleting');
  });
});

it('has no teardown while the entity is read', async () => {
  await renderInTestApp(
    <TestApiProvider apis={[[permissionApiRef, mockApis.permission()]]}>
      <AsyncEntityProvider loading>
        <TearDownMenu />
        The page
      </AsyncEntityProvider>
    </TestApiProvider>,
  );
  expect(screen.getByText('The page')).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: /Tear down/ })).toBeNull();
});

describe('conditions for entities', () => {
  const environment = environmentEntity(NAME);
  const app = { ...environment, kind: 'Component', spec: { type: 'service' } };
  const other = { ...environment, metadata: { name: 'other' } };

  it('offers the card for all that belongs to an environment', () => {
    const entities = [environment, app, other];
    expect(entities.map(isGenaiEnvironmentAvailable)).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('offers tab and teardown for environments only', () => {
    const entities = [environment, app, other];
    expect(entities.map(isGenaiEnvironment)).toEqual([true, false, false]);
  });
});
