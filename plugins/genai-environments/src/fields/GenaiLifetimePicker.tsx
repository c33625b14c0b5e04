import { useApi } from '@backstage/core-plugin-api';
import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import MenuItem from '@material-ui/core/MenuItem';
import TextField from '@material-ui/core/TextField';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { genaiEnvironmentsApiRef } from '../api';
import { ErrorNotice } from '../components/common/ErrorNotice';
import { formError } from './formError';
import { lifetimeChoices, lifetimeLabel } from './lifetimes';
import { useStartValue } from './useStartValue';

/** Life of a new environment as ISO 8601 duration, up to what the platform allows. */
export function GenaiLifetimePicker(
  props: FieldExtensionComponentProps<string>,
) {
  const { formData, onChange, rawErrors, required, schema, idSchema } = props;
  const api = useApi(genaiEnvironmentsApiRef);
  const {
    value: limits,
    error,
    retry,
  } = useAsyncRetry(() => api.getLimits(), [api]);

  const preselected = limits?.defaultLifetime;
  useStartValue(formData, preselected, onChange);

  if (error) {
    return (
      <ErrorNotice
        title="The lifetimes could not be read"
        error={error}
        onRetry={retry}
      />
    );
  }
  const choices = limits ? lifetimeChoices(limits) : [];
  return (
    <TextField
      select
      fullWidth
      required={required}
      variant="outlined"
      margin="normal"
      id={idSchema?.$id ?? 'genai-lifetime'}
      label={schema.title ?? 'Lifetime'}
      value={choices.includes(formData ?? '') ? formData : ''}
      disabled={props.disabled || !limits}
      error={formError(rawErrors).invalid}
      helperText={
        schema.description ??
        'It is torn down by itself afterwards; its owner can extend it before'
      }
      onChange={event => onChange(event.target.value)}
    >
      {choices.map(choice => (
        <MenuItem key={choice} value={choice}>
          {lifetimeLabel(choice)}
        </MenuItem>
      ))}
    </TextField>
  );
}
