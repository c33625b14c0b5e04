import { useApi } from '@backstage/core-plugin-api';
import type {
  CustomFieldValidator,
  FieldExtensionComponentProps,
} from '@backstage/plugin-scaffolder-react';
import type { ProvisionerInfo } from '@genai-environments/backstage-plugin-genai-environments-common';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { genaiEnvironmentsApiRef } from '../api';
import { ErrorNotice } from '../components/common/ErrorNotice';
import { LoadingLines } from '../components/common/LoadingLines';
import { RadioList } from '../components/common/RadioList';
import { formError } from './formError';
import { useStartValue } from './useStartValue';

/** Where a new environment runs. Asks nothing while there is one place only. */
export function GenaiProvisionerPicker(
  props: FieldExtensionComponentProps<string>,
) {
  const { formData, onChange, rawErrors, schema, idSchema } = props;
  const api = useApi(genaiEnvironmentsApiRef);
  const { value, error, retry } = useAsyncRetry(
    async () => (await api.listProvisioners()).items,
    [api],
  );

  const first = value?.find(({ isDefault }) => isDefault) ?? value?.[0];
  useStartValue(formData, first?.id, onChange);

  if (error) {
    return (
      <ErrorNotice
        title="Where environments can run could not be read"
        error={error}
        onRetry={retry}
      />
    );
  }
  if (!value)
    return <LoadingLines label="Loading where environments can run" />;
  const problem = provisionerProblem(value, formData);
  if (value.length <= 1 && !problem) return null;
  return (
    <RadioList
      id={idSchema?.$id ?? 'genai-provisioner'}
      label={schema.title ?? 'Runs on'}
      required={props.required}
      disabled={props.disabled}
      options={value.map(({ id, title, description }) => ({
        value: id,
        label: title,
        description,
      }))}
      selected={value.find(({ id }) => id === formData)?.id}
      {...formError(rawErrors, problem)}
      help={schema.description}
      onChange={onChange}
    />
  );
}

function provisionerProblem(
  provisioners: ProvisionerInfo[],
  chosen: string | undefined,
): string | undefined {
  if (!chosen || provisioners.some(({ id }) => id === chosen)) return undefined;
  const ids = provisioners.map(({ id }) => id).join(', ');
  return `Environments cannot run on ${chosen} here. Choose one of: ${ids}.`;
}

/** Refuses what the backend would refuse, such as a provisioner from an old link. */
export const validateGenaiProvisioner: CustomFieldValidator<string> = async (
  chosen,
  field,
  { apiHolder },
) => {
  const list = await apiHolder.get(genaiEnvironmentsApiRef)?.listProvisioners();
  const problem = list && provisionerProblem(list.items, chosen);
  if (problem) field.addError(problem);
};
