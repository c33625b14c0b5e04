import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  scaffolderActionsExtensionPoint,
  scaffolderServiceRef,
} from '@backstage/plugin-scaffolder-node';
import { createEnvironmentCreateAction } from './actions/create';
import { createEnvironmentDeleteAction } from './actions/delete';
import { createEnvironmentPlanAction } from './actions/plan';
import { createRepositoryPublishAction } from './actions/repositoryPublish';
import { createServicesFetchAction } from './actions/servicesFetch';
import { createSkeletonFetchAction } from './actions/skeletonFetch';

/** Adds the actions `genai:*` to the scaffolder. */
export const scaffolderModuleGenaiEnvironments = createBackendModule({
  pluginId: 'scaffolder',
  moduleId: 'genai-environments',
  register(env) {
    env.registerInit({
      deps: {
        actions: scaffolderActionsExtensionPoint,
        auth: coreServices.auth,
        config: coreServices.rootConfig,
        discovery: coreServices.discovery,
        scaffolder: scaffolderServiceRef,
      },
      async init({ actions, ...options }) {
        actions.addActions(
          createEnvironmentPlanAction(options),
          createSkeletonFetchAction(options),
          createServicesFetchAction(),
          createRepositoryPublishAction(options),
          createEnvironmentCreateAction(options),
          createEnvironmentDeleteAction(options),
        );
      },
    });
  },
});
