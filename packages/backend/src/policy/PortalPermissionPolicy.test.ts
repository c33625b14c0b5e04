import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import {
  catalogEntityDeletePermission,
  catalogEntityReadPermission,
  catalogLocationCreatePermission,
  catalogLocationDeletePermission,
} from '@backstage/plugin-catalog-common/alpha';
import {
  AuthorizeResult,
  createPermission,
  Permission,
} from '@backstage/plugin-permission-common';
import {
  actionExecutePermission,
  taskCreatePermission,
  taskReadPermission,
  templateManagementPermission,
} from '@backstage/plugin-scaffolder-common/alpha';
import {
  genaiCredentialRevealPermission,
  genaiEnvironmentDeletePermission,
  genaiEnvironmentReadPermission,
  genaiFleetReadPermission,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import { PortalPermissionPolicy } from './PortalPermissionPolicy';

const ADA = ['user:default/ada', 'group:default/payments'];
const GRACE = ['user:default/grace', 'group:default/platform'];

async function decide(permission: Permission, ownershipEntityRefs?: string[]) {
  const policy = new PortalPermissionPolicy({
    userInfo: mockServices.userInfo.mock({
      getUserInfo: async () => ({
        userEntityRef: ownershipEntityRefs![0],
        ownershipEntityRefs: ownershipEntityRefs!,
      }),
    }),
  });
  return policy.handle(
    { permission },
    ownershipEntityRefs && {
      credentials: mockCredentials.user(ownershipEntityRefs[0]),
      info: {
        userEntityRef: ownershipEntityRefs[0],
        ownershipEntityRefs: [],
      },
    },
  );
}

const ALLOW = { result: AuthorizeResult.ALLOW };
const DENY = { result: AuthorizeResult.DENY };

describe('PortalPermissionPolicy', () => {
  it('denies everything to callers who are not signed in', async () => {
    expect(await decide(catalogEntityReadPermission)).toEqual(DENY);
  });

  it('denies what it does not know, to the platform group too', async () => {
    const unknown = createPermission({ name: 'other.thing', attributes: {} });
    expect(await decide(unknown, ADA)).toEqual(DENY);
    expect(await decide(unknown, GRACE)).toEqual(DENY);
  });

  it.each([
    catalogEntityReadPermission,
    catalogLocationCreatePermission,
    actionExecutePermission,
    taskCreatePermission,
  ])('lets signed-in users read and create: $name', async permission => {
    expect(await decide(permission, ADA)).toEqual(ALLOW);
  });

  it.each([catalogLocationDeletePermission, templateManagementPermission])(
    'keeps to the platform group: $name',
    async permission => {
      expect(await decide(permission, ADA)).toEqual(DENY);
      expect(await decide(permission, GRACE)).toEqual(ALLOW);
    },
  );

  it('lets owners unregister their entities', async () => {
    expect(await decide(catalogEntityDeletePermission, ADA)).toMatchObject({
      result: AuthorizeResult.CONDITIONAL,
      conditions: { rule: 'IS_ENTITY_OWNER', params: { claims: ADA } },
    });
  });

  it('shows scaffolder tasks to those who started them', async () => {
    expect(await decide(taskReadPermission, ADA)).toMatchObject({
      result: AuthorizeResult.CONDITIONAL,
      conditions: {
        rule: 'IS_TASK_OWNER',
        params: { createdBy: ['user:default/ada'] },
      },
    });
    expect(await decide(taskReadPermission, GRACE)).toEqual(ALLOW);
  });

  it('shows environments to everybody and the fleet to the platform group', async () => {
    expect(await decide(genaiEnvironmentReadPermission, ADA)).toEqual(ALLOW);
    expect(await decide(genaiFleetReadPermission, ADA)).toEqual(DENY);
    expect(await decide(genaiFleetReadPermission, GRACE)).toEqual(ALLOW);
  });

  it('keeps teardown to owners and platform, secrets to owners', async () => {
    const ifOwner = (claims: string[]) => ({
      result: AuthorizeResult.CONDITIONAL,
      conditions: { rule: 'IS_OWNER', params: { claims } },
    });
    expect(await decide(genaiEnvironmentDeletePermission, ADA)).toMatchObject(
      ifOwner(ADA),
    );
    expect(await decide(genaiEnvironmentDeletePermission, GRACE)).toEqual(
      ALLOW,
    );
    expect(await decide(genaiCredentialRevealPermission, GRACE)).toMatchObject(
      ifOwner(GRACE),
    );
  });
});
