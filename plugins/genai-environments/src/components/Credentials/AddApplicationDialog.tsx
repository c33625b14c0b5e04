import { useApi } from '@backstage/core-plugin-api';
import {
  ADMINISTRATION_SCOPE,
  Application,
  applicationNameSchema,
  ApplicationScope,
  applicationScopeSchema,
  DEFAULT_APPLICATION_SCOPES,
  Environment,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import DialogContentText from '@material-ui/core/DialogContentText';
import TextField from '@material-ui/core/TextField';
import { useState } from 'react';
import { genaiEnvironmentsApiRef } from '../../api';
import { CheckboxGroup } from '../common/CheckboxGroup';
import { ConfirmDialog } from '../common/ConfirmDialog';
import { focusOnMount } from '../common/focusOnMount';
import { SCOPE_DESCRIPTIONS } from './scopes';
import { useCredentialPermissions } from './useCredentialPermissions';

/** Onboards a new caller. */
export function AddApplicationDialog(props: {
  environment: Environment;
  onClose: () => void;
  onChange: (added: Application) => Promise<void>;
}) {
  const { environment, onClose, onChange } = props;
  const api = useApi(genaiEnvironmentsApiRef);
  const { canAdminister } = useCredentialPermissions(environment.name);
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [scopes, setScopes] = useState<ApplicationScope[]>(
    DEFAULT_APPLICATION_SCOPES,
  );

  const nameProblem = applicationNameSchema.safeParse(name).error?.issues[0];
  const complete = !nameProblem && scopes.length > 0;
  return (
    <ConfirmDialog
      id="genai-add-application"
      title="Add application"
      confirmLabel="Add application"
      disabled={!complete}
      onClose={onClose}
      onConfirm={async () => {
        const added = await api.createApplication(environment.name, {
          name,
          ...(description.trim() && { description: description.trim() }),
          scopes,
        });
        await onChange(added);
      }}
    >
      <DialogContentText>
        It gets a client id and a secret of its own, which can be revealed once.
      </DialogContentText>
      <TextField
        inputRef={focusOnMount}
        fullWidth
        required
        margin="dense"
        variant="outlined"
        id="genai-application-name"
        label="Name"
        value={name}
        onChange={event => setName(event.target.value)}
        error={name !== '' && Boolean(nameProblem)}
        helperText={
          name !== '' && nameProblem
            ? `The name ${nameProblem.message}.`
            : 'Who calls, such as billing-service'
        }
      />
      <TextField
        fullWidth
        margin="dense"
        variant="outlined"
        id="genai-application-description"
        label="Description"
        value={description}
        inputProps={{ maxLength: 200 }}
        onChange={event => setDescription(event.target.value)}
      />
      <CheckboxGroup
        id="genai-application-scopes"
        label="Scopes"
        invalid={scopes.length === 0}
        message={scopes.length === 0 ? 'Choose at least one scope.' : undefined}
        options={applicationScopeSchema.options
          .filter(scope => scope !== ADMINISTRATION_SCOPE || canAdminister)
          .map(scope => ({
            value: scope,
            label: scope,
            description: SCOPE_DESCRIPTIONS[scope],
          }))}
        selected={scopes}
        onChange={setScopes}
      />
    </ConfirmDialog>
  );
}
