import { useApi } from '@backstage/core-plugin-api';
import type {
  CustomFieldValidator,
  FieldExtensionComponentProps,
} from '@backstage/plugin-scaffolder-react';
import {
  ENVIRONMENT_NAME_MAX_LENGTH,
  environmentNameSchema,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import TextField from '@material-ui/core/TextField';
import { useEffect, useState } from 'react';
import { GenaiEnvironmentsApi, genaiEnvironmentsApiRef } from '../api';
import { errorMessage, isNotFound, statusOf } from '../environment/errors';
import { formError } from './formError';

const TYPING_PAUSE_MS = 350;

/** Name of a new environment: says while typing whether it can be had. */
export function GenaiEnvironmentName(
  props: FieldExtensionComponentProps<string>,
) {
  const { formData, onChange, rawErrors, required, schema, idSchema } = props;
  const name = formData ?? '';
  const { problem, available } = useNameCheck(name);

  const { invalid, message } = formError(rawErrors, problem);
  return (
    <TextField
      fullWidth
      required={required}
      variant="outlined"
      margin="normal"
      id={idSchema?.$id ?? 'genai-environment-name'}
      label={schema.title ?? 'Name'}
      value={name}
      disabled={props.disabled}
      error={invalid}
      helperText={
        message ??
        (available
          ? `${name} is free.`
          : schema.description ??
            'Lower-case letters, digits and hyphens, such as invoice-bot')
      }
      FormHelperTextProps={{ role: 'status' }}
      inputProps={{
        maxLength: ENVIRONMENT_NAME_MAX_LENGTH,
        autoComplete: 'off',
        spellCheck: false,
      }}
      onChange={event => onChange(event.target.value || undefined)}
    />
  );
}

function useNameCheck(name: string): { problem?: string; available: boolean } {
  const api = useApi(genaiEnvironmentsApiRef);
  const [checked, setChecked] = useState<{ name: string; problem?: string }>();
  useEffect(() => {
    if (!name) return undefined;
    let current = true;
    const timer = setTimeout(async () => {
      const problem = await findNameProblem(api, name).catch(() => undefined);
      if (current) setChecked({ name, problem });
    }, TYPING_PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [api, name]);

  if (!name || checked?.name !== name) return { available: false };
  return { problem: checked.problem, available: !checked.problem };
}

/** Refuses malformed and taken names when the user goes on. */
export const validateGenaiEnvironmentName: CustomFieldValidator<
  string
> = async (name, field, { apiHolder }) => {
  const api = apiHolder.get(genaiEnvironmentsApiRef);
  if (!name || !api) return;
  try {
    const problem = await findNameProblem(api, name);
    if (problem) field.addError(problem);
  } catch (error) {
    field.addError(
      `It could not be checked whether the name is free: ${errorMessage(
        error,
      )} Try again.`,
    );
  }
};

/** A sentence when the name cannot be had; rejects when that cannot be found out. */
async function findNameProblem(
  api: GenaiEnvironmentsApi,
  name: string,
): Promise<string | undefined> {
  const issue = environmentNameSchema.safeParse(name).error?.issues[0];
  if (issue) return `The name ${issue.message}.`;
  try {
    await api.getEnvironment(name);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    // One that exists but may not be seen takes the name just as well.
    if (statusOf(error) !== 403) throw error;
  }
  return `The name ${name} is taken. Choose another one.`;
}
