import type {
  CustomFieldValidator,
  FieldExtensionComponentProps,
} from '@backstage/plugin-scaffolder-react';
import type { ProvisionerInfo } from '@genai-environments/backstage-plugin-genai-environments-common';
import { useEffect, useRef } from 'react';
import { genaiEnvironmentsApiRef } from '../api';
import { ErrorNotice } from '../components/common/ErrorNotice';
import { LoadingLines } from '../components/common/LoadingLines';
import { RadioList } from '../components/common/RadioList';
import { formError } from './formError';
import { provisionerFromForm } from './request';
import { ProvisionerOption, useProvisioner } from './useProvisioner';

/** Region of a new environment. Asks nothing while its provisioner has one only. */
export function GenaiRegionPicker(
  props: FieldExtensionComponentProps<string, ProvisionerOption>,
) {
  const { formData, onChange, rawErrors, schema, idSchema } = props;
  const { value: provisioner, error, retry } = useProvisioner(props);
  useRegionOf(provisioner, formData, onChange);

  if (error) {
    return (
      <ErrorNotice
        title="The regions could not be read"
        error={error}
        onRetry={retry}
      />
    );
  }
  if (!provisioner) return <LoadingLines label="Loading regions" />;
  const { regions } = provisioner;
  const problem = regionProblem(provisioner, formData);
  if (regions.length <= 1 && !problem) return null;
  return (
    <RadioList
      id={idSchema?.$id ?? 'genai-region'}
      label={schema.title ?? 'Region'}
      required={props.required}
      disabled={props.disabled}
      options={regions.map(region => ({ value: region, label: region }))}
      selected={regions.find(region => region === formData)}
      {...formError(rawErrors, problem)}
      help={schema.description}
      onChange={onChange}
    />
  );
}

/** Starts with the first region, and again when another provisioner was chosen. */
function useRegionOf(
  provisioner: ProvisionerInfo | undefined,
  region: string | undefined,
  onChange: (region: string) => void,
) {
  const fitting = useRef<string>();
  useEffect(() => {
    if (!provisioner) return;
    const { id, regions } = provisioner;
    if (region && regions.includes(region)) {
      fitting.current = id;
      return;
    }
    const isAnother = fitting.current !== undefined && fitting.current !== id;
    if ((!region || isAnother) && regions[0]) onChange(regions[0]);
  }, [provisioner, region, onChange]);
}

function regionProblem(
  { title, regions }: ProvisionerInfo,
  region: string | undefined,
): string | undefined {
  if (!region || regions.includes(region)) return undefined;
  return `${title} has no region ${region}. Choose one of: ${regions.join(
    ', ',
  )}.`;
}

/** Refuses regions that the backend would refuse, such as one from an old link. */
export const validateGenaiRegion: CustomFieldValidator<
  string,
  ProvisionerOption
> = async (region, field, { apiHolder, formData, uiSchema }) => {
  const api = apiHolder.get(genaiEnvironmentsApiRef);
  if (!api) return;
  const provisioner = await provisionerFromForm({
    api,
    provisioner: formData.provisioner ?? uiSchema?.['ui:options']?.provisioner,
  });
  const problem = regionProblem(provisioner, region);
  if (problem) field.addError(problem);
};
