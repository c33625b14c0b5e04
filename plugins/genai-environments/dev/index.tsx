import { SidebarItem } from '@backstage/core-components';
import { createDevApp } from '@backstage/dev-utils';
import { CatalogEntityPage, CatalogIndexPage } from '@backstage/plugin-catalog';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import HelpIcon from '@material-ui/icons/HelpOutline';
import {
  genaiEnvironmentsApiRef,
  GenaiEnvironmentsPage,
  genaiEnvironmentsPlugin,
} from '../src';
import { environmentEntity } from '../src/__testUtils__/entity';
import { FakeGenaiEnvironmentsApi } from '../src/__testUtils__/FakeGenaiEnvironmentsApi';
import { environmentFixture } from '../src/__testUtils__/fixtures';
import { entityPage } from './EntityPage';

/** The plugin in a classic app, over a backend that is a fake in this browser tab. */
const fakeApi = new FakeGenaiEnvironmentsApi([
  environmentFixture({ name: 'invoice-bot' }),
  environmentFixture({
    name: 'new-bot',
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
  }),
  environmentFixture({
    name: 'broken-bot',
    status: {
      phase: 'Degraded',
      conditions: [
        {
          type: 'Ready',
          status: 'False',
          reason: 'ProcessExited',
          message: 'The runtime exited with code 78.',
          nextAction: 'Read its log; it is restarted by itself.',
          lastTransitionAt: new Date().toISOString(),
        },
      ],
    },
  }),
]);

/** One of them is in the catalog only, as for a moment after a teardown. */
const entities = [...fakeApi.environments.keys(), 'missing-bot'].map(
  environmentEntity,
);

createDevApp()
  .registerPlugin(genaiEnvironmentsPlugin)
  .registerApi({
    api: genaiEnvironmentsApiRef,
    deps: {},
    factory: () => fakeApi,
  })
  .registerApi({
    api: catalogApiRef,
    deps: {},
    factory: () => catalogApiMock({ entities }),
  })
  .registerApi({
    api: permissionApiRef,
    deps: {},
    factory: () => ({
      authorize: async () => ({ result: AuthorizeResult.ALLOW }),
    }),
  })
  .addPage({
    title: 'Fleet',
    path: '/genai-environments',
    element: <GenaiEnvironmentsPage />,
  })
  .addPage({
    title: 'Catalog',
    path: '/catalog',
    element: <CatalogIndexPage />,
  })
  .addPage({
    path: '/catalog/:namespace/:kind/:name',
    element: <CatalogEntityPage />,
    children: entityPage,
  })
  .addSidebarItem(
    <SidebarItem
      key="missing"
      icon={HelpIcon}
      to="/catalog/default/resource/missing-bot"
      text="Missing"
    />,
  )
  .render();
