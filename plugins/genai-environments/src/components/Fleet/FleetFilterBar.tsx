import { phaseSchema } from '@genai-environments/backstage-plugin-genai-environments-common';
import MenuItem from '@material-ui/core/MenuItem';
import { makeStyles } from '@material-ui/core/styles';
import TextField from '@material-ui/core/TextField';
import ToggleButton from '@material-ui/lab/ToggleButton';
import ToggleButtonGroup from '@material-ui/lab/ToggleButtonGroup';
import { humanizeEntityRef } from '@backstage/plugin-catalog-react';
import { parseEntityRef } from '@backstage/catalog-model';
import type { Ref } from 'react';
import { useFilterBarStyles } from '../common/filterBarStyles';
import type { FleetFilters } from './useFleetFilters';

const useStyles = makeStyles(
  theme => ({
    toggle: {
      textTransform: 'none',
      padding: theme.spacing(0.75, 2),
      // Material UI's own colour is that of what is switched off.
      color: theme.palette.text.secondary,
      '&.Mui-selected': { color: theme.palette.text.primary },
      '&:focus-visible': {
        outline: `2px solid ${theme.palette.primary.main}`,
        outlineOffset: 1,
      },
    },
  }),
  { name: 'GenaiEnvironmentFleetFilterBar' },
);

/** Whose, which phase, and a text to look for. */
export function FleetFilterBar(props: {
  filters: FleetFilters;
  /** Owners seen so far, to choose from. */
  owners: string[];
  /** Where the keyboard goes when the filters are cleared. */
  findRef: Ref<HTMLInputElement>;
}) {
  const { filters, owners, findRef } = props;
  const classes = { ...useFilterBarStyles(), ...useStyles() };
  return (
    <div className={classes.bar} role="search" aria-label="Environments">
      <ToggleButtonGroup
        exclusive
        size="small"
        aria-label="Whose environments"
        value={filters.scope}
        onChange={(_, scope) => scope && filters.setScope(scope)}
      >
        <ToggleButton value="mine" className={classes.toggle}>
          Mine
        </ToggleButton>
        <ToggleButton value="all" className={classes.toggle}>
          All
        </ToggleButton>
      </ToggleButtonGroup>
      <TextField
        className={classes.field}
        size="small"
        variant="outlined"
        id="genai-fleet-text"
        label="Find"
        type="search"
        inputRef={findRef}
        value={filters.text}
        onChange={event => filters.setText(event.target.value)}
      />
      <TextField
        select
        className={classes.field}
        size="small"
        variant="outlined"
        id="genai-fleet-owner"
        label="Owner"
        value={filters.owner}
        onChange={event => filters.setOwner(event.target.value)}
      >
        <MenuItem value="">Any</MenuItem>
        {owners.map(owner => (
          <MenuItem key={owner} value={owner}>
            {ownerName(owner)}
          </MenuItem>
        ))}
      </TextField>
      <TextField
        select
        className={classes.field}
        size="small"
        variant="outlined"
        id="genai-fleet-phase"
        label="Phase"
        value={filters.phase}
        onChange={event =>
          filters.setPhase(event.target.value as FleetFilters['phase'])
        }
      >
        <MenuItem value="">Any</MenuItem>
        {phaseSchema.options.map(phase => (
          <MenuItem key={phase} value={phase}>
            {phase}
          </MenuItem>
        ))}
      </TextField>
    </div>
  );
}

function ownerName(ref: string): string {
  try {
    return humanizeEntityRef(parseEntityRef(ref), { defaultKind: 'group' });
  } catch {
    return ref;
  }
}
