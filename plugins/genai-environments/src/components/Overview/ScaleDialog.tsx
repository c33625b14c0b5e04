import { useApi } from '@backstage/core-plugin-api';
import {
  Environment,
  MAX_SERVICE_TASKS,
  scaleServiceRequestSchema,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import DialogContentText from '@material-ui/core/DialogContentText';
import TextField from '@material-ui/core/TextField';
import { useState } from 'react';
import { genaiEnvironmentsApiRef } from '../../api';
import { useEnvironmentStore } from '../../environment/useEnvironment';
import { ConfirmDialog } from '../common/ConfirmDialog';
import { focusOnMount } from '../common/focusOnMount';
import { serviceLabel } from '../common/services';
import type { ServiceAction } from './serviceControls';

/** Asks how many tasks of a service are to run at least. */
export function ScaleDialog(props: {
  environment: Environment;
  action: ServiceAction;
  onClose: () => void;
}) {
  const { environment, action, onClose } = props;
  const api = useApi(genaiEnvironmentsApiRef);
  const store = useEnvironmentStore(environment.name);
  const [typed, setTyped] = useState(() => startValue(environment, action));
  const problem = problemOf(typed);
  return (
    <ConfirmDialog
      id="genai-scale"
      title={`Scale ${serviceLabel(action.name)}`}
      confirmLabel="Scale"
      disabled={typed === '' || problem !== undefined}
      onClose={onClose}
      onConfirm={async () => {
        const request = { tasks: Number(typed) };
        store.accept(
          await api.scaleService(environment.name, action.name, request),
        );
      }}
    >
      <DialogContentText color="textPrimary">
        At least this many tasks run at all times; under load there may be more.
        Each task adds to the cost for as long as it runs: two cost about twice
        as much as one.
      </DialogContentText>
      <TextField
        inputRef={focusOnMount}
        fullWidth
        required
        margin="dense"
        variant="outlined"
        type="number"
        id="genai-scale-tasks"
        label="Tasks"
        value={typed}
        inputProps={{ min: 1, max: MAX_SERVICE_TASKS, step: 1 }}
        onChange={event => setTyped(event.target.value)}
        error={problem !== undefined}
        helperText={
          problem ? `The number ${problem}.` : `From 1 to ${MAX_SERVICE_TASKS}`
        }
        FormHelperTextProps={{ 'aria-live': 'polite' }}
      />
    </ConfirmDialog>
  );
}

/** What was asked for last, else what runs. */
function startValue({ spec }: Environment, action: ServiceAction): string {
  return String(spec.tasks?.[action.name] ?? action.tasks?.desired ?? 1);
}

function problemOf(typed: string): string | undefined {
  if (typed === '') return undefined;
  const request = { tasks: Number(typed) };
  return scaleServiceRequestSchema.safeParse(request).error?.issues[0].message;
}
