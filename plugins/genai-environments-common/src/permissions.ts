import { createPermission } from '@backstage/plugin-permission-common';

/** Resource type of permissions that concern one environment. */
export const RESOURCE_TYPE_GENAI_ENVIRONMENT = 'genai-environment';

const resourceType = RESOURCE_TYPE_GENAI_ENVIRONMENT;

/** See that an environment exists, its status and events. */
export const genaiEnvironmentReadPermission = createPermission({
  name: 'genai.environment.read',
  attributes: { action: 'read' },
  resourceType,
});

/** Create environments (for an owner that one belongs to). */
export const genaiEnvironmentCreatePermission = createPermission({
  name: 'genai.environment.create',
  attributes: { action: 'create' },
});

/** Change an environment's spec. */
export const genaiEnvironmentUpdatePermission = createPermission({
  name: 'genai.environment.update',
  attributes: { action: 'update' },
  resourceType,
});

/** Tear an environment down. */
export const genaiEnvironmentDeletePermission = createPermission({
  name: 'genai.environment.delete',
  attributes: { action: 'delete' },
  resourceType,
});

/** See which applications an environment has; no secrets. */
export const genaiApplicationReadPermission = createPermission({
  name: 'genai.application.read',
  attributes: { action: 'read' },
  resourceType,
});

/** Add, rotate, enable, disable and delete applications. */
export const genaiApplicationManagePermission = createPermission({
  name: 'genai.application.manage',
  attributes: { action: 'update' },
  resourceType,
});

/** Add applications that administer the environment: they set limits and read the log of calls. */
export const genaiApplicationAdministerPermission = createPermission({
  name: 'genai.application.administer',
  attributes: { action: 'update' },
  resourceType,
});

/** See an application's secret, once per rotation. */
export const genaiCredentialRevealPermission = createPermission({
  name: 'genai.credential.reveal',
  attributes: { action: 'read' },
  resourceType,
});

/** Read what the services and the app of an environment log. */
export const genaiLogReadPermission = createPermission({
  name: 'genai.log.read',
  attributes: { action: 'read' },
  resourceType,
});

/** See all environments on the fleet page, with their owners. */
export const genaiFleetReadPermission = createPermission({
  name: 'genai.fleet.read',
  attributes: { action: 'read' },
});

/** Every permission of the plugin. */
export const genaiEnvironmentsPermissions = [
  genaiEnvironmentReadPermission,
  genaiEnvironmentCreatePermission,
  genaiEnvironmentUpdatePermission,
  genaiEnvironmentDeletePermission,
  genaiApplicationReadPermission,
  genaiApplicationManagePermission,
  genaiApplicationAdministerPermission,
  genaiCredentialRevealPermission,
  genaiLogReadPermission,
  genaiFleetReadPermission,
];
