import { Aws } from 'aws-cdk-lib';
import {
  CfnUserPool,
  CfnUserPoolDomain,
  CfnUserPoolResourceServer,
} from 'aws-cdk-lib/aws-cognito';
import type { BlueprintStack } from '../BlueprintStack';
import { ROUTES } from '../api/routes';
import { stackSuffix } from './arn';
import { acknowledge } from './iam';

export type Auth = {
  userPoolId: string;
  userPoolArn: string;
  issuer: string;
  jwksUrl: string;
  tokenUrl: string;
};

/** Opens the routes of administration, which the gateway does not read from a document. */
const ADMIN_SCOPE = 'genai/admin';

/** Applications that call an environment: clients of a pool that has no users. */
export function createAuth(
  stack: BlueprintStack,
  options: { environmentName: string },
): Auth {
  const pool = new CfnUserPool(stack, 'UserPool', {
    userPoolName: `genai-${options.environmentName}`,
    userPoolTier: 'ESSENTIALS',
    adminCreateUserConfig: { allowAdminCreateUserOnly: true },
    accountRecoverySetting: {
      recoveryMechanisms: [{ name: 'admin_only', priority: 1 }],
    },
    policies: {
      passwordPolicy: {
        minimumLength: 16,
        requireLowercase: true,
        requireNumbers: true,
        requireSymbols: true,
        requireUppercase: true,
      },
    },
  });
  acknowledge(pool, {
    'AwsSolutions-COG2':
      'The pool has no users: applications get tokens by client_credentials.',
    'AwsSolutions-COG3':
      'The pool has no users whose passwords could be tried.',
    'AwsSolutions-COG8':
      'Threat protection watches users that sign in, and the pool has none.',
  });
  for (const [identifier, scopes] of scopesByServer()) {
    new CfnUserPoolResourceServer(stack, `Scopes${toId(identifier)}`, {
      userPoolId: pool.ref,
      identifier,
      name: identifier,
      scopes: scopes.map(scope => ({
        scopeName: scope,
        scopeDescription: `Routes that are opened by ${identifier}/${scope}`,
      })),
    });
  }
  // Names of Cognito's domains are one for all customers of a region.
  const domain = `genai-${stackSuffix()}`;
  new CfnUserPoolDomain(stack, 'UserPoolDomain', {
    userPoolId: pool.ref,
    domain,
  });
  const issuer = `https://cognito-idp.${Aws.REGION}.${Aws.URL_SUFFIX}/${pool.ref}`;
  return {
    userPoolId: pool.ref,
    userPoolArn: pool.attrArn,
    issuer,
    jwksUrl: `${issuer}/.well-known/jwks.json`,
    tokenUrl: `https://${domain}.auth.${Aws.REGION}.amazoncognito.com/oauth2/token`,
  };
}

/** Scopes of all routes, by the part before the slash. */
function scopesByServer(): Array<[string, string[]]> {
  const servers = new Map<string, Set<string>>();
  const all = [...ROUTES.flatMap(({ scopes }) => scopes), ADMIN_SCOPE];
  for (const scope of all.sort()) {
    const [server, name] = scope.split('/');
    servers.set(server, (servers.get(server) ?? new Set()).add(name));
  }
  return [...servers].map(([server, names]) => [server, [...names]]);
}

function toId(word: string): string {
  return word[0].toUpperCase() + word.slice(1);
}
