import { parseEntityRef } from '@backstage/catalog-model';
import { useApi } from '@backstage/core-plugin-api';
import { humanizeEntityRef } from '@backstage/plugin-catalog-react';
import type {
  CustomFieldValidator,
  FieldExtensionComponentProps,
} from '@backstage/plugin-scaffolder-react';
import MenuItem from '@material-ui/core/MenuItem';
import TextField from '@material-ui/core/TextField';
import Alert from '@material-ui/lab/Alert';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { genaiEnvironmentsApiRef } from '../api';
import { ErrorNotice } from '../components/common/ErrorNotice';
import { formError } from './formError';
import { useStartValue } from './useStartValue';

/** Owner of a new environment: one of those the caller may create for. */
export function GenaiOwnerPicker(props: FieldExtensionComponentProps<string>) {
  const { formData, onChange, rawErrors, required, schema, idSchema } = props;
  const api = useApi(genaiEnvironmentsApiRef);
  const { value, error, retry } = useAsyncRetry(() => api.getLimits(), [api]);
  const owners = value?.owners;

  const first = owners?.[0];
  useStartValue(formData, first, onChange);

  if (error) {
    return (
      <ErrorNotice
        title="The owners could not be read"
        error={error}
        onRetry={retry}
      />
    );
  }
  if (owners?.length === 0) {
    return (
      <Alert severity="warning">
        You belong to no group that may own an environment. Ask the platform
        team to add you to one.
      </Alert>
    );
  }
  return (
    <TextField
      select
      fullWidth
      required={required}
      variant="outlined"
      margin="normal"
      id={idSchema?.$id ?? 'genai-owner'}
      label={schema.title ?? 'Owner'}
      value={owners?.includes(formData ?? '') ? formData : ''}
      disabled={props.disabled || !owners}
      error={formError(rawErrors).invalid}
      helperText={
        schema.description ??
        'Members of the owner can change it, see its secrets and tear it down'
      }
      onChange={event => onChange(event.target.value)}
    >
      {(owners ?? []).map(owner => (
        <MenuItem key={owner} value={owner}>
          {ownerLabel(owner)}
        </MenuItem>
      ))}
    </TextField>
  );
}

function ownerLabel(ref: string): string {
  try {
    const entity = parseEntityRef(ref);
    const name = humanizeEntityRef(entity, { defaultKind: entity.kind });
    return `${name} (${entity.kind})`;
  } catch {
    return ref;
  }
}

/** Refuses owners that the backend would refuse, such as one from an old link. */
export const validateGenaiOwner: CustomFieldValidator<string> = async (
  owner,
  field,
  { apiHolder },
) => {
  const api = apiHolder.get(genaiEnvironmentsApiRef);
  if (!owner || !api) return;
  const { owners } = await api.getLimits();
  if (!owners.includes(owner)) {
    field.addError(
      `You may not create environments for ${owner}. Choose one of: ${
        owners.join(', ') || 'none'
      }.`,
    );
  }
};
