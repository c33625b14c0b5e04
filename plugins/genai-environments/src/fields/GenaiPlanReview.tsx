import { useApi } from '@backstage/core-plugin-api';
import type {
  CustomFieldValidator,
  FieldExtensionComponentProps,
} from '@backstage/plugin-scaffolder-react';
import type { Plan } from '@genai-environments/backstage-plugin-genai-environments-common';
import LinearProgress from '@material-ui/core/LinearProgress';
import { useEffect } from 'react';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { genaiEnvironmentsApiRef } from '../api';
import { ErrorNotice } from '../components/common/ErrorNotice';
import { PlanSummary, problemText } from './PlanSummary';
import { FormData, requestFromForm } from './request';

/** Fields of the request that the form does not ask for. */
export type GenaiPlanReviewOptions = { request?: FormData };

/**
 * What would be created by the form so far, what it costs and why it would be refused.
 * Its value only says how the review went: the scaffolder validates no empty fields.
 */
export function GenaiPlanReview(
  props: FieldExtensionComponentProps<string, GenaiPlanReviewOptions>,
) {
  const { name: fieldName, formData: outcome, onChange } = props;
  const api = useApi(genaiEnvironmentsApiRef);
  const options = props.uiSchema?.['ui:options'] ?? {};
  const key = JSON.stringify({
    formData: without(props.formContext?.formData ?? {}, fieldName),
    fixed: options.request,
  });
  const {
    value: plan,
    error,
    loading,
    retry,
  } = useAsyncRetry(async () => {
    const { formData, fixed } = JSON.parse(key);
    return api.plan(await requestFromForm({ api, formData, fixed }));
  }, [api, key]);

  const next = reviewOutcome({ plan: loading ? undefined : plan, error });
  useEffect(() => {
    if (outcome !== next) onChange(next);
  }, [outcome, next, onChange]);

  return (
    <section aria-label="What will be created" aria-busy={loading}>
      {loading && <LinearProgress aria-label="Planning" />}
      {error && !loading && (
        <ErrorNotice
          title="The plan could not be made"
          error={error}
          onRetry={retry}
        />
      )}
      {plan && !error && <PlanSummary plan={plan} />}
    </section>
  );
}

function reviewOutcome(options: { plan?: Plan; error?: Error }): string {
  const { plan, error } = options;
  if (error) return 'failed';
  if (!plan) return 'pending';
  return plan.problems.length > 0 ? 'problems' : 'passed';
}

function without(values: FormData, field: string): FormData {
  const { [field]: _, ...rest } = values;
  return rest;
}

/** Plans once more when the user goes on, and stops them when it would be refused. */
export const validateGenaiPlan: CustomFieldValidator<
  string,
  GenaiPlanReviewOptions
> = async (_, field, { apiHolder, formData, uiSchema }) => {
  const api = apiHolder.get(genaiEnvironmentsApiRef);
  if (!api) return;
  const fixed = uiSchema?.['ui:options']?.request;
  const request = await requestFromForm({ api, formData, fixed });
  const { problems } = await api.plan(request);
  for (const problem of problems) field.addError(problemText(problem));
};
