import type {
  CustomFieldValidator,
  FieldExtensionComponentProps,
} from '@backstage/plugin-scaffolder-react';
import { genaiEnvironmentsApiRef } from '../api';
import { CheckboxGroup } from '../components/common/CheckboxGroup';
import { ErrorNotice } from '../components/common/ErrorNotice';
import { LoadingLines } from '../components/common/LoadingLines';
import {
  serviceDescription,
  serviceLabel,
} from '../components/common/services';
import { formError } from './formError';
import { provisionerFromForm } from './request';
import { ProvisionerOption, useProvisioner } from './useProvisioner';
import { useSelection } from './useSelection';

/** Services of a new environment: all that its provisioner can run, to choose from. */
export function GenaiServicePicker(
  props: FieldExtensionComponentProps<string[], ProvisionerOption>,
) {
  const { formData, onChange, rawErrors, schema, idSchema } = props;
  const { value: provisioner, error, retry } = useProvisioner(props);
  const offered = provisioner?.services;
  const select = useSelection({
    offered,
    start: offered,
    selected: formData,
    onChange,
  });

  if (error) {
    return (
      <ErrorNotice
        title="The services could not be read"
        error={error}
        onRetry={retry}
      />
    );
  }
  if (!offered) return <LoadingLines label="Loading services" />;
  const selected = offered.filter(service => formData?.includes(service));
  return (
    <CheckboxGroup
      id={idSchema?.$id ?? 'genai-services'}
      label={schema.title ?? 'Services'}
      required={props.required}
      disabled={props.disabled}
      options={offered.map(service => ({
        value: service,
        label: serviceLabel(service),
        description: serviceDescription(service),
      }))}
      selected={selected}
      {...formError(rawErrors, serviceProblem(selected))}
      help={schema.description}
      onChange={select}
    />
  );
}

function serviceProblem(selected: string[]): string | undefined {
  return selected.length > 0 ? undefined : 'Choose at least one service.';
}

/** Asks for a service, and for services that are really offered. */
export const validateGenaiServices: CustomFieldValidator<
  string[],
  ProvisionerOption
> = async (selected, field, { apiHolder, formData, uiSchema }) => {
  const api = apiHolder.get(genaiEnvironmentsApiRef);
  if (!api) return;
  const problem = serviceProblem(selected ?? []);
  if (problem) field.addError(problem);
  const { title, services } = await provisionerFromForm({
    api,
    provisioner: formData.provisioner ?? uiSchema?.['ui:options']?.provisioner,
  });
  for (const service of selected ?? []) {
    if (!services.some(offered => offered === service)) {
      field.addError(`${title} has no service ${service}. Leave it out.`);
    }
  }
};
