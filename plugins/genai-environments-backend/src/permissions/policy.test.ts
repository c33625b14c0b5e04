import { mockCredentials } from '@backstage/backend-test-utils';
import {
  AuthorizeResult,
  createPermission,
} from '@backstage/plugin-permission-common';
import {
  genaiEnvironmentsPermissions,
  RESOURCE_TYPE_GENAI_ENVIRONMENT,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import { createGenaiEnvironmentsPolicy } from './policy';

const policy = createGenaiEnvironmentsPolicy({
  platformGroups: ['group:default/Platform'],
});

const user = (...ownershipEntityRefs: string[]) => ({
  credentials: mockCredentials.user('user:default/ada'),
  info: { userEntityRef: 'user:default/ada', ownershipEntityRefs },
});

const decisions = (caller?: ReturnType<typeof user>) =>
  Object.fromEntries(
    genaiEnvironmentsPermissions.map(permission => [
      permission.name,
      policy({ permission }, caller)?.result,
    ]),
  );

describe('createGenaiEnvironmentsPolicy', () => {
  it('lets signed-in users look and create, owners act, nobody see the fleet', () => {
    expect(decisions(user('user:default/ada'))).toEqual({
      'genai.environment.read': 'ALLOW',
      'genai.environment.create': 'ALLOW',
      'genai.environment.update': 'CONDITIONAL',
      'genai.environment.delete': 'CONDITIONAL',
      'genai.application.read': 'ALLOW',
      'genai.application.manage': 'CONDITIONAL',
      'genai.application.administer': 'CONDITIONAL',
      'genai.credential.reveal': 'CONDITIONAL',
      'genai.log.read': 'CONDITIONAL',
      'genai.fleet.read': 'DENY',
    });
  });

  it('ties owners to what they own', () => {
    const permission = genaiEnvironmentsPermissions.find(
      ({ name }) => name === 'genai.credential.reveal',
    )!;
    expect(policy({ permission }, user('group:default/a'))).toEqual({
      result: AuthorizeResult.CONDITIONAL,
      pluginId: 'genai-environments',
      resourceType: RESOURCE_TYPE_GENAI_ENVIRONMENT,
      conditions: {
        rule: 'IS_OWNER',
        resourceType: RESOURCE_TYPE_GENAI_ENVIRONMENT,
        params: { claims: ['group:default/a'] },
      },
    });
  });

  it('lets the platform see the fleet, change and tear down, but reveal nothing', () => {
    expect(decisions(user('group:default/platform'))).toMatchObject({
      'genai.environment.update': 'ALLOW',
      'genai.environment.delete': 'ALLOW',
      'genai.application.manage': 'CONDITIONAL',
      'genai.application.administer': 'CONDITIONAL',
      'genai.credential.reveal': 'CONDITIONAL',
      'genai.log.read': 'CONDITIONAL',
      'genai.fleet.read': 'ALLOW',
    });
  });

  it('denies everything to those who did not sign in', () => {
    expect(new Set(Object.values(decisions(undefined)))).toEqual(
      new Set(['DENY']),
    );
  });

  it('denies genai permissions it does not know, and leaves others alone', () => {
    const ask = (name: string) =>
      policy(
        { permission: createPermission({ name, attributes: {} }) },
        user('group:default/platform'),
      );
    expect(ask('genai.secret.export')).toEqual({ result: 'DENY' });
    expect(ask('catalog.entity.create')).toBeUndefined();
  });
});
