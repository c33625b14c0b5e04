import {
  createConditionExports,
  createPermissionResourceRef,
  createPermissionRule,
} from '@backstage/plugin-permission-node';
import {
  Environment,
  GENAI_ENVIRONMENTS_PLUGIN_ID,
  RESOURCE_TYPE_GENAI_ENVIRONMENT,
  tierSchema,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import { z } from 'zod';
import type { EnvironmentFilter } from '../database/filter';

/** Environments as resources of the permission system; a reference is a name. */
export const environmentResourceRef = createPermissionResourceRef<
  Environment,
  EnvironmentFilter
>().with({
  pluginId: GENAI_ENVIRONMENTS_PLUGIN_ID,
  resourceType: RESOURCE_TYPE_GENAI_ENVIRONMENT,
});

const isOwner = createPermissionRule({
  name: 'IS_OWNER',
  description: 'Allow environments owned by one of the given entities',
  resourceRef: environmentResourceRef,
  paramsSchema: z.object({
    claims: z
      .array(z.string())
      .describe('Entity references, at least one of which must be the owner'),
  }),
  apply: (environment, { claims }) =>
    claims.map(toOwner).includes(environment.owner),
  toQuery: ({ claims }) => ({ column: 'owner', values: claims.map(toOwner) }),
});

const hasTier = createPermissionRule({
  name: 'HAS_TIER',
  description: 'Allow environments of the given isolation tiers',
  resourceRef: environmentResourceRef,
  paramsSchema: z.object({
    tiers: z.array(tierSchema).describe('Tiers, one of which must match'),
  }),
  apply: (environment, { tiers }) => tiers.includes(environment.spec.tier),
  toQuery: ({ tiers }) => ({ column: 'tier', values: tiers }),
});

/** Rules that a permission policy can put on environments. */
export const genaiEnvironmentRules = { isOwner, hasTier };

const conditionExports = createConditionExports({
  resourceRef: environmentResourceRef,
  rules: genaiEnvironmentRules,
});

/** Conditions for permission policies, e.g. `genaiEnvironmentConditions.isOwner({ claims })`. */
export const genaiEnvironmentConditions = conditionExports.conditions;

/** Makes a policy's conditional decision out of {@link genaiEnvironmentConditions}. */
export const createGenaiEnvironmentConditionalDecision =
  conditionExports.createConditionalDecision;

/** Owners are stored the way the catalog compares entity references: in lower case. */
export function toOwner(entityRef: string): string {
  return entityRef.toLocaleLowerCase('en-US');
}
