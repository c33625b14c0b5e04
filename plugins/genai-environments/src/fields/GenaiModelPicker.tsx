import { useApi } from '@backstage/core-plugin-api';
import type {
  CustomFieldValidator,
  FieldExtensionComponentProps,
} from '@backstage/plugin-scaffolder-react';
import type { ModelInfo } from '@genai-environments/backstage-plugin-genai-environments-common';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { genaiEnvironmentsApiRef } from '../api';
import { CheckboxGroup } from '../components/common/CheckboxGroup';
import { ErrorNotice } from '../components/common/ErrorNotice';
import { LoadingLines } from '../components/common/LoadingLines';
import { formError } from './formError';
import { placeFromForm } from './request';
import { useSelection } from './useSelection';

/** Where to look for models when the form does not ask it. */
export type GenaiModelPickerOptions = {
  provisioner?: string;
  region?: string;
};

/** Models of a new environment, as its provisioner offers them at this moment. */
export function GenaiModelPicker(
  props: FieldExtensionComponentProps<string[], GenaiModelPickerOptions>,
) {
  const { formData, onChange, rawErrors, schema, idSchema } = props;
  const api = useApi(genaiEnvironmentsApiRef);
  const options = props.uiSchema?.['ui:options'] ?? {};
  const form = props.formContext?.formData ?? {};
  const provisioner = form.provisioner ?? options.provisioner;
  const region = form.region ?? options.region;

  const { value, error, retry } = useAsyncRetry(async () => {
    const place = await placeFromForm({ api, provisioner, region });
    return (await api.listModels(place)).items;
  }, [api, provisioner, region]);
  const select = useSelection({
    offered: value?.map(model => model.id),
    start: value && defaultModels(value),
    selected: formData,
    onChange,
  });

  if (error) {
    return (
      <ErrorNotice
        title="The models could not be read"
        error={error}
        onRetry={retry}
      />
    );
  }
  if (!value) {
    return <LoadingLines label="Loading models" />;
  }
  const selected = formData ?? [];
  return (
    <CheckboxGroup
      id={idSchema?.$id ?? 'genai-models'}
      label={schema.title ?? 'Models'}
      required={props.required}
      disabled={props.disabled}
      options={value.map(model => ({
        value: model.id,
        label: model.name,
        description: describe(model),
      }))}
      selected={selected}
      {...formError(rawErrors, modelProblem(value, selected))}
      help={schema.description}
      onChange={select}
    />
  );
}

function describe(model: ModelInfo): string {
  const kind = model.kind === 'text' ? 'Text' : 'Embedding';
  const about = `${kind} model (${model.provider})`;
  return model.description ? `${about}. ${model.description}` : about;
}

function defaultModels(models: ModelInfo[]): string[] {
  const firstOf = (kind: ModelInfo['kind']) =>
    models.find(model => model.kind === kind)?.id;
  return [firstOf('text'), firstOf('embedding')].filter(
    (id): id is string => id !== undefined,
  );
}

function modelProblem(
  models: ModelInfo[],
  selected: string[],
): string | undefined {
  const hasText = models.some(
    model => model.kind === 'text' && selected.includes(model.id),
  );
  return hasText ? undefined : 'Choose at least one text model.';
}

/** Asks for a text model, and for models that are really offered. */
export const validateGenaiModels: CustomFieldValidator<
  string[],
  GenaiModelPickerOptions
> = async (selected, field, { apiHolder, formData, uiSchema }) => {
  const api = apiHolder.get(genaiEnvironmentsApiRef);
  if (!api) return;
  const options = uiSchema?.['ui:options'] ?? {};
  const place = await placeFromForm({
    api,
    provisioner: formData.provisioner ?? options.provisioner,
    region: formData.region ?? options.region,
  });
  const { items } = await api.listModels(place);
  const problem = modelProblem(items, selected ?? []);
  if (problem) field.addError(problem);
  for (const id of selected ?? []) {
    if (!items.some(model => model.id === id)) {
      field.addError(
        `The model ${id} is not offered in ${place.region}. Choose another one.`,
      );
    }
  }
};
