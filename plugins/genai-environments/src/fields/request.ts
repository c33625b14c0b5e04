import {
  CreateEnvironmentRequest,
  createEnvironmentRequestSchema,
  ProvisionerInfo,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import type { GenaiEnvironmentsApi } from '../api';

/** Values of the template's form so far, by parameter name. */
export type FormData = Record<string, unknown>;

/**
 * The request that a form stands for. Parameters that are named like fields of the
 * request are taken; `fixed` says what the form does not ask; what is still missing comes
 * from the default provisioner, as it does in the scaffolder's actions.
 */
export async function requestFromForm(options: {
  api: GenaiEnvironmentsApi;
  formData: FormData;
  fixed?: FormData;
}): Promise<CreateEnvironmentRequest> {
  const { api, formData, fixed = {} } = options;
  const asked = pickRequestFields({ ...fixed, ...definedValues(formData) });
  const provisioner = await chooseProvisioner(api, asked.provisioner);
  return {
    tier: provisioner?.tiers[0],
    region: provisioner?.regions[0],
    services: provisioner?.services,
    ...asked,
    provisioner: provisioner?.id ?? asked.provisioner,
  } as CreateEnvironmentRequest;
}

/** The provisioner that a form asks for, or the default one. */
export async function provisionerFromForm(options: {
  api: GenaiEnvironmentsApi;
  provisioner?: unknown;
}): Promise<ProvisionerInfo> {
  const { api, provisioner: asked } = options;
  const provisioner = await chooseProvisioner(api, asked);
  if (!provisioner) {
    throw new Error(
      asked
        ? `There is no provisioner called ${asked}. Choose another one.`
        : 'No provisioner is installed. Ask the platform team to add one.',
    );
  }
  return provisioner;
}

/** Provisioner and region whose models a form can choose from. */
export async function placeFromForm(options: {
  api: GenaiEnvironmentsApi;
  provisioner?: unknown;
  region?: unknown;
}): Promise<{ provisioner: string; region: string }> {
  const { region } = options;
  const provisioner = await provisionerFromForm(options);
  return {
    provisioner: provisioner.id,
    region:
      typeof region === 'string' && region ? region : provisioner.regions[0],
  };
}

async function chooseProvisioner(
  api: GenaiEnvironmentsApi,
  asked: unknown,
): Promise<ProvisionerInfo | undefined> {
  const { items } = await api.listProvisioners();
  if (asked) return items.find(item => item.id === asked);
  return items.find(item => item.isDefault) ?? items[0];
}

function pickRequestFields(values: FormData): FormData {
  const fields = Object.keys(createEnvironmentRequestSchema.shape);
  return Object.fromEntries(
    Object.entries(values).filter(([field]) => fields.includes(field)),
  );
}

/** An emptied field of a form is one that was not filled in. */
function definedValues(values: FormData): FormData {
  return Object.fromEntries(
    Object.entries(values).filter(
      ([, value]) => value !== undefined && value !== '',
    ),
  );
}
