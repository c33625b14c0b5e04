/**
 * GenAI Environments for apps on the new frontend system.
 *
 * @packageDocumentation
 */
import {
  discoveryApiRef,
  fetchApiRef,
  useApi,
} from '@backstage/core-plugin-api';
import {
  ApiBlueprint,
  createFrontendPlugin,
  dialogApiRef,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import {
  EntityCardBlueprint,
  EntityContentBlueprint,
  EntityContextMenuItemBlueprint,
} from '@backstage/plugin-catalog-react/alpha';
import {
  createFormField,
  FormFieldBlueprint,
} from '@backstage/plugin-scaffolder-react/alpha';
import { GenaiEnvironmentsClient } from '@genai-environments/backstage-plugin-genai-environments-common';
import DeleteForeverIcon from '@material-ui/icons/DeleteForever';
import MemoryIcon from '@material-ui/icons/Memory';
import { genaiEnvironmentsApiRef } from './api';
import { TearDownDialog } from './components/TearDown/TearDownDialog';
import { useTearDownPermission } from './components/TearDown/useTearDownPermission';
import {
  getEnvironmentName,
  isGenaiEnvironment,
  isGenaiEnvironmentAvailable,
} from './entity';
import {
  createEnvironmentRouteRef,
  entityContentRouteRef,
  rootRouteRef,
} from './routes';

const api = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: genaiEnvironmentsApiRef,
      deps: { discoveryApi: discoveryApiRef, fetchApi: fetchApiRef },
      factory: deps => new GenaiEnvironmentsClient(deps),
    }),
});

const fleetPage = PageBlueprint.make({
  params: {
    path: '/genai-environments',
    title: 'GenAI environments',
    icon: <MemoryIcon fontSize="inherit" />,
    routeRef: rootRouteRef,
    loader: () =>
      import('./components/Fleet/FleetContent').then(m => <m.FleetContent />),
  },
});

const entityCard = EntityCardBlueprint.make({
  name: 'environment',
  params: {
    type: 'content',
    filter: isGenaiEnvironmentAvailable,
    loader: () =>
      import('./components/EntityGenaiEnvironmentCard').then(m => (
        <m.EntityGenaiEnvironmentCard />
      )),
  },
});

const entityContent = EntityContentBlueprint.make({
  name: 'environment',
  params: {
    path: '/environment',
    title: 'Environment',
    filter: isGenaiEnvironment,
    routeRef: entityContentRouteRef,
    loader: () =>
      import('./components/EntityGenaiEnvironmentContent').then(m => (
        <m.EntityGenaiEnvironmentContent />
      )),
  },
});

const tearDownMenuItem = EntityContextMenuItemBlueprint.make({
  name: 'tear-down',
  params: {
    icon: <DeleteForeverIcon fontSize="small" />,
    filter: isGenaiEnvironment,
    useProps: () => {
      const name = getEnvironmentName(useEntity().entity) ?? '';
      const { allowed, title } = useTearDownPermission(name);
      const dialogApi = useApi(dialogApiRef);
      return {
        title,
        disabled: !allowed,
        onClick: () => {
          dialogApi.open(({ dialog }) => (
            <TearDownDialog name={name} onClose={dialog.close} />
          ));
        },
      };
    },
  },
});

const formFields = [
  FormFieldBlueprint.make({
    name: 'environment-name',
    params: {
      field: () =>
        import('./fields/fieldExtensions').then(m =>
          createFormField(m.nameField),
        ),
    },
  }),
  FormFieldBlueprint.make({
    name: 'owner-picker',
    params: {
      field: () =>
        import('./fields/fieldExtensions').then(m =>
          createFormField(m.ownerField),
        ),
    },
  }),
  FormFieldBlueprint.make({
    name: 'provisioner-picker',
    params: {
      field: () =>
        import('./fields/fieldExtensions').then(m =>
          createFormField(m.provisionerField),
        ),
    },
  }),
  FormFieldBlueprint.make({
    name: 'region-picker',
    params: {
      field: () =>
        import('./fields/fieldExtensions').then(m =>
          createFormField(m.regionField),
        ),
    },
  }),
  FormFieldBlueprint.make({
    name: 'tier-picker',
    params: {
      field: () =>
        import('./fields/fieldExtensions').then(m =>
          createFormField(m.tierField),
        ),
    },
  }),
  FormFieldBlueprint.make({
    name: 'model-picker',
    params: {
      field: () =>
        import('./fields/fieldExtensions').then(m =>
          createFormField(m.modelField),
        ),
    },
  }),
  FormFieldBlueprint.make({
    name: 'service-picker',
    params: {
      field: () =>
        import('./fields/fieldExtensions').then(m =>
          createFormField(m.serviceField),
        ),
    },
  }),
  FormFieldBlueprint.make({
    name: 'lifetime-picker',
    params: {
      field: () =>
        import('./fields/fieldExtensions').then(m =>
          createFormField(m.lifetimeField),
        ),
    },
  }),
  FormFieldBlueprint.make({
    name: 'publish-target-picker',
    params: {
      field: () =>
        import('./fields/fieldExtensions').then(m =>
          createFormField(m.publishTargetField),
        ),
    },
  }),
  FormFieldBlueprint.make({
    name: 'plan-review',
    params: {
      field: () =>
        import('./fields/fieldExtensions').then(m =>
          createFormField(m.planField),
        ),
    },
  }),
];

/** Install as a feature of the app; needs nothing else. */
export default createFrontendPlugin({
  pluginId: 'genai-environments',
  title: 'GenAI environments',
  icon: <MemoryIcon fontSize="inherit" />,
  info: { packageJson: () => import('../package.json') },
  routes: { root: rootRouteRef, entityContent: entityContentRouteRef },
  externalRoutes: { createEnvironment: createEnvironmentRouteRef },
  extensions: [
    api,
    fleetPage,
    entityCard,
    entityContent,
    tearDownMenuItem,
    ...formFields,
  ],
});
