import type {
  CustomFieldValidator,
  FieldExtensionComponentProps,
} from '@backstage/plugin-scaffolder-react';
import type {
  ProvisionerInfo,
  Tier,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import { genaiEnvironmentsApiRef } from '../api';
import { ErrorNotice } from '../components/common/ErrorNotice';
import { LoadingLines } from '../components/common/LoadingLines';
import { RadioList } from '../components/common/RadioList';
import { formError } from './formError';
import { provisionerFromForm } from './request';
import { ProvisionerOption, useProvisioner } from './useProvisioner';
import { useStartValue } from './useStartValue';

const TIERS: Record<Tier, { label: string; description: string }> = {
  sandbox: {
    label: 'Sandbox',
    description: 'To try things out: shares resources with others, costs least',
  },
  standard: {
    label: 'Standard',
    description: 'For real work: has databases and compute of its own',
  },
  isolated: {
    label: 'Isolated',
    description: 'For sensitive data: has a network or an account of its own',
  },
};

/** Tier of a new environment: one of those that its provisioner has. */
export function GenaiTierPicker(
  props: FieldExtensionComponentProps<string, ProvisionerOption>,
) {
  const { formData, onChange, rawErrors, schema, idSchema } = props;
  const { value: provisioner, error, retry } = useProvisioner(props);

  const first = provisioner?.tiers[0];
  useStartValue(formData, first, onChange);

  if (error) {
    return (
      <ErrorNotice
        title="The tiers could not be read"
        error={error}
        onRetry={retry}
      />
    );
  }
  if (!provisioner) return <LoadingLines label="Loading tiers" />;
  return (
    <RadioList
      id={idSchema?.$id ?? 'genai-tier'}
      label={schema.title ?? 'Tier'}
      required={props.required}
      disabled={props.disabled}
      options={provisioner.tiers.map(tier => ({ value: tier, ...TIERS[tier] }))}
      selected={provisioner.tiers.find(tier => tier === formData)}
      {...formError(rawErrors, tierProblem(provisioner, formData))}
      help={schema.description}
      onChange={onChange}
    />
  );
}

function tierProblem(
  { title, tiers }: ProvisionerInfo,
  tier: string | undefined,
): string | undefined {
  if (!tier || tiers.some(offered => offered === tier)) return undefined;
  return `${title} has no tier ${tier}. Choose one of: ${tiers.join(', ')}.`;
}

/** Refuses tiers that the backend would refuse, such as one from an old link. */
export const validateGenaiTier: CustomFieldValidator<
  string,
  ProvisionerOption
> = async (tier, field, { apiHolder, formData, uiSchema }) => {
  const api = apiHolder.get(genaiEnvironmentsApiRef);
  if (!api) return;
  const provisioner = await provisionerFromForm({
    api,
    provisioner: formData.provisioner ?? uiSchema?.['ui:options']?.provisioner,
  });
  const problem = tierProblem(provisioner, tier);
  if (problem) field.addError(problem);
};
