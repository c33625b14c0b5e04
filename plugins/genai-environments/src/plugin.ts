import {
  createApiFactory,
  createComponentExtension,
  createPlugin,
  createRoutableExtension,
  discoveryApiRef,
  fetchApiRef,
} from '@backstage/core-plugin-api';
import { createScaffolderFieldExtension } from '@backstage/plugin-scaffolder-react';
import { GenaiEnvironmentsClient } from '@genai-environments/backstage-plugin-genai-environments-common';
import { genaiEnvironmentsApiRef } from './api';
import {
  lifetimeField,
  modelField,
  nameField,
  ownerField,
  planField,
  provisionerField,
  publishTargetField,
  regionField,
  serviceField,
  tierField,
} from './fields/fieldExtensions';
import {
  createEnvironmentRouteRef,
  entityContentRouteRef,
  rootRouteRef,
} from './routes';

/** The plugin for apps on the classic frontend system. */
export const genaiEnvironmentsPlugin = createPlugin({
  id: 'genai-environments',
  apis: [
    createApiFactory({
      api: genaiEnvironmentsApiRef,
      deps: { discoveryApi: discoveryApiRef, fetchApi: fetchApiRef },
      factory: deps => new GenaiEnvironmentsClient(deps),
    }),
  ],
  routes: { root: rootRouteRef, entityContent: entityContentRouteRef },
  externalRoutes: { createEnvironment: createEnvironmentRouteRef },
});

/** The fleet page; mount it at `/genai-environments`. */
export const GenaiEnvironmentsPage = genaiEnvironmentsPlugin.provide(
  createRoutableExtension({
    name: 'GenaiEnvironmentsPage',
    component: () =>
      import('./components/Fleet/FleetPage').then(m => m.FleetPage),
    mountPoint: rootRouteRef,
  }),
);

/** How one environment is, live; for entity overview pages. */
export const EntityGenaiEnvironmentCard = genaiEnvironmentsPlugin.provide(
  createComponentExtension({
    name: 'EntityGenaiEnvironmentCard',
    component: {
      lazy: () =>
        import('./components/EntityGenaiEnvironmentCard').then(
          m => m.EntityGenaiEnvironmentCard,
        ),
    },
  }),
);

/** Overview, credentials and activity of an environment; for `EntityLayout.Route`. */
export const EntityGenaiEnvironmentContent = genaiEnvironmentsPlugin.provide(
  createRoutableExtension({
    name: 'EntityGenaiEnvironmentContent',
    component: () =>
      import('./components/EntityGenaiEnvironmentContent').then(
        m => m.EntityGenaiEnvironmentContent,
      ),
    mountPoint: entityContentRouteRef,
  }),
);

export const GenaiEnvironmentNameFieldExtension =
  genaiEnvironmentsPlugin.provide(
    createScaffolderFieldExtension({
      ...nameField,
      schema: nameField.schema.schema,
    }),
  );

export const GenaiOwnerPickerFieldExtension = genaiEnvironmentsPlugin.provide(
  createScaffolderFieldExtension({
    ...ownerField,
    schema: ownerField.schema.schema,
  }),
);

export const GenaiProvisionerPickerFieldExtension =
  genaiEnvironmentsPlugin.provide(
    createScaffolderFieldExtension({
      ...provisionerField,
      schema: provisionerField.schema.schema,
    }),
  );

export const GenaiRegionPickerFieldExtension = genaiEnvironmentsPlugin.provide(
  createScaffolderFieldExtension({
    ...regionField,
    schema: regionField.schema.schema,
  }),
);

export const GenaiTierPickerFieldExtension = genaiEnvironmentsPlugin.provide(
  createScaffolderFieldExtension({
    ...tierField,
    schema: tierField.schema.schema,
  }),
);

export const GenaiModelPickerFieldExtension = genaiEnvironmentsPlugin.provide(
  createScaffolderFieldExtension({
    ...modelField,
    schema: modelField.schema.schema,
  }),
);

export const GenaiServicePickerFieldExtension = genaiEnvironmentsPlugin.provide(
  createScaffolderFieldExtension({
    ...serviceField,
    schema: serviceField.schema.schema,
  }),
);

export const GenaiPublishTargetPickerFieldExtension =
  genaiEnvironmentsPlugin.provide(
    createScaffolderFieldExtension({
      ...publishTargetField,
      schema: publishTargetField.schema.schema,
    }),
  );

export const GenaiLifetimePickerFieldExtension =
  genaiEnvironmentsPlugin.provide(
    createScaffolderFieldExtension({
      ...lifetimeField,
      schema: lifetimeField.schema.schema,
    }),
  );

export const GenaiPlanReviewFieldExtension = genaiEnvironmentsPlugin.provide(
  createScaffolderFieldExtension({
    ...planField,
    schema: planField.schema.schema,
  }),
);
