import { makeFieldSchema } from '@backstage/plugin-scaffolder-react';
import {
  GenaiEnvironmentName,
  validateGenaiEnvironmentName,
} from './GenaiEnvironmentName';
import { GenaiLifetimePicker } from './GenaiLifetimePicker';
import { GenaiModelPicker, validateGenaiModels } from './GenaiModelPicker';
import { GenaiOwnerPicker, validateGenaiOwner } from './GenaiOwnerPicker';
import { GenaiPlanReview, validateGenaiPlan } from './GenaiPlanReview';
import {
  GenaiProvisionerPicker,
  validateGenaiProvisioner,
} from './GenaiProvisionerPicker';
import {
  GenaiPublishTargetPicker,
  validateGenaiPublishTarget,
} from './GenaiPublishTargetPicker';
import { GenaiRegionPicker, validateGenaiRegion } from './GenaiRegionPicker';
import {
  GenaiServicePicker,
  validateGenaiServices,
} from './GenaiServicePicker';
import { GenaiTierPicker, validateGenaiTier } from './GenaiTierPicker';

const text = makeFieldSchema({ output: z => z.string() });

/*
 * The form fields by the name that templates use as `ui:field`; both frontend systems
 * register these.
 */
export const nameField = {
  name: 'GenaiEnvironmentName',
  component: GenaiEnvironmentName,
  validation: validateGenaiEnvironmentName,
  schema: text,
};

export const ownerField = {
  name: 'GenaiOwnerPicker',
  component: GenaiOwnerPicker,
  validation: validateGenaiOwner,
  schema: text,
};

export const provisionerField = {
  name: 'GenaiProvisionerPicker',
  component: GenaiProvisionerPicker,
  validation: validateGenaiProvisioner,
  schema: text,
};

export const regionField = {
  name: 'GenaiRegionPicker',
  component: GenaiRegionPicker,
  validation: validateGenaiRegion,
  schema: makeFieldSchema({
    output: z => z.string(),
    uiOptions: z =>
      z.object({
        provisioner: z
          .string()
          .optional()
          .describe('Whose regions, when the form has no such field'),
      }),
  }),
};

export const modelField = {
  name: 'GenaiModelPicker',
  component: GenaiModelPicker,
  validation: validateGenaiModels,
  schema: makeFieldSchema({
    output: z => z.array(z.string()),
    uiOptions: z =>
      z.object({
        provisioner: z
          .string()
          .optional()
          .describe('Whose models, when the form has no such field'),
        region: z
          .string()
          .optional()
          .describe('Where, when the form has no such field'),
      }),
  }),
};

export const tierField = {
  name: 'GenaiTierPicker',
  component: GenaiTierPicker,
  validation: validateGenaiTier,
  schema: makeFieldSchema({
    output: z => z.string(),
    uiOptions: z =>
      z.object({
        provisioner: z
          .string()
          .optional()
          .describe('Whose tiers, when the form has no such field'),
      }),
  }),
};

export const serviceField = {
  name: 'GenaiServicePicker',
  component: GenaiServicePicker,
  validation: validateGenaiServices,
  schema: makeFieldSchema({
    output: z => z.array(z.string()),
    uiOptions: z =>
      z.object({
        provisioner: z
          .string()
          .optional()
          .describe('Whose services, when the form has no such field'),
      }),
  }),
};

export const lifetimeField = {
  name: 'GenaiLifetimePicker',
  component: GenaiLifetimePicker,
  schema: text,
};

export const publishTargetField = {
  name: 'GenaiPublishTargetPicker',
  component: GenaiPublishTargetPicker,
  validation: validateGenaiPublishTarget,
  schema: text,
};

export const planField = {
  name: 'GenaiPlanReview',
  component: GenaiPlanReview,
  validation: validateGenaiPlan,
  schema: makeFieldSchema({
    output: z => z.string(),
    uiOptions: z =>
      z.object({
        request: z
          .record(z.unknown())
          .optional()
          .describe('Fields of the request that the form does not ask for'),
      }),
  }),
};
