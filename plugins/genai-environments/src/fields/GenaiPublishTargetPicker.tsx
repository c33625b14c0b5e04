import { useApi } from '@backstage/core-plugin-api';
import type {
  CustomFieldValidator,
  FieldExtensionComponentProps,
} from '@backstage/plugin-scaffolder-react';
import type { PublishTarget } from '@genai-environments/backstage-plugin-genai-environments-common';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { genaiEnvironmentsApiRef } from '../api';
import { ErrorNotice } from '../components/common/ErrorNotice';
import { LoadingLines } from '../components/common/LoadingLines';
import { RadioList } from '../components/common/RadioList';
import { formError } from './formError';
import { useStartValue } from './useStartValue';

const TARGETS: Record<PublishTarget, { label: string; description: string }> = {
  local: {
    label: 'Beside this portal',
    description: "A git repository on the portal's own machine",
  },
  github: {
    label: 'GitHub',
    description: 'A private repository that you name on this page',
  },
};

/** Where the project's source code goes: GitHub only when the portal can write there. */
export function GenaiPublishTargetPicker(
  props: FieldExtensionComponentProps<string>,
) {
  const { formData, onChange, rawErrors, schema, idSchema } = props;
  const api = useApi(genaiEnvironmentsApiRef);
  const { value, error, retry } = useAsyncRetry(() => api.getLimits(), [api]);

  const targets = value?.publishTargets;
  const first = targets?.[0];
  useStartValue(formData, first, onChange);

  if (error) {
    return (
      <ErrorNotice
        title="Where source code can go could not be read"
        error={error}
        onRetry={retry}
      />
    );
  }
  if (!targets)
    return <LoadingLines label="Loading where source code can go" />;
  return (
    <RadioList
      id={idSchema?.$id ?? 'genai-publish-target'}
      label={schema.title ?? 'Source code'}
      required={props.required}
      disabled={props.disabled}
      options={targets.map(target => ({ value: target, ...TARGETS[target] }))}
      selected={targets.find(target => target === formData)}
      {...formError(rawErrors, targetProblem(targets, formData))}
      help={schema.description}
      onChange={onChange}
    />
  );
}

function targetProblem(
  targets: PublishTarget[],
  target: string | undefined,
): string | undefined {
  if (!target || targets.some(offered => offered === target)) return undefined;
  return `This portal has no credentials to publish to ${target}. Choose one of: ${targets.join(
    ', ',
  )}.`;
}

/** Refuses targets that would fail only after the project was written. */
export const validateGenaiPublishTarget: CustomFieldValidator<string> = async (
  target,
  field,
  { apiHolder },
) => {
  const limits = await apiHolder.get(genaiEnvironmentsApiRef)?.getLimits();
  const problem = limits && targetProblem(limits.publishTargets, target);
  if (problem) field.addError(problem);
};
