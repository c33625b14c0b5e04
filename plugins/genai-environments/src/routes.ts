import {
  createExternalRouteRef,
  createRouteRef,
} from '@backstage/core-plugin-api';

/** The fleet page. */
export const rootRouteRef = createRouteRef({ id: 'genai-environments' });

/** The environment tab of an entity page. */
export const entityContentRouteRef = createRouteRef({
  id: 'genai-environments:entity-content',
});

/** The form of a software template; buttons that lead there hide when it is unbound. */
export const createEnvironmentRouteRef = createExternalRouteRef({
  id: 'create-environment',
  params: ['namespace', 'templateName'],
  optional: true,
  defaultTarget: 'scaffolder.selectedTemplate',
});

/** The template that *Create Environment* opens. */
export const ENVIRONMENT_TEMPLATE = {
  namespace: 'default',
  templateName: 'genai-environment',
};
