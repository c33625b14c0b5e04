import type { ServiceName } from '@genai-environments/backstage-plugin-genai-environments-common';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import MenuItem from '@material-ui/core/MenuItem';
import { makeStyles } from '@material-ui/core/styles';
import Switch from '@material-ui/core/Switch';
import TextField, { TextFieldProps } from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import type { Ref } from 'react';
import type { LogFilter } from '../../logs/logFilter';
import { useFilterBarStyles } from '../common/filterBarStyles';
import { serviceLabel } from '../common/services';

const LEVELS: Array<[LogFilter['level'], string]> = [
  ['debug', 'All'],
  ['info', 'Info and above'],
  ['warn', 'Warnings and errors'],
  ['error', 'Errors'],
];

const useStyles = makeStyles(
  {
    wrap: { marginRight: 0 },
    count: { marginLeft: 'auto' },
  },
  { name: 'GenaiEnvironmentLogFilterBar' },
);

/** Whose lines, from which level, and a text to look for. */
export function LogFilterBar(props: {
  /** To choose from. */
  services: ServiceName[];
  /** Absent: all. */
  service: ServiceName | undefined;
  onService: (service: ServiceName | undefined) => void;
  filter: LogFilter;
  onFilter: (filter: LogFilter) => void;
  /** Where the keyboard goes when the filter is cleared. */
  findRef: Ref<HTMLInputElement>;
  wrap: boolean;
  onWrap: (wrap: boolean) => void;
  /** Absent: not read yet. */
  shown: number | undefined;
  total: number | undefined;
}) {
  const { services, service, onService, filter, onFilter } = props;
  const { findRef, wrap, onWrap, shown, total } = props;
  const classes = { ...useFilterBarStyles(), ...useStyles() };
  const field: TextFieldProps = {
    className: classes.field,
    size: 'small',
    variant: 'outlined',
  };
  return (
    <div className={classes.bar} role="search" aria-label="Logs">
      <TextField
        {...field}
        select
        id="genai-log-service"
        label="Service"
        value={service ?? ''}
        InputLabelProps={{ shrink: true }}
        SelectProps={{ displayEmpty: true }}
        onChange={event =>
          onService((event.target.value || undefined) as typeof service)
        }
      >
        <MenuItem value="">All</MenuItem>
        {services.map(name => (
          <MenuItem key={name} value={name}>
            {serviceLabel(name)}
          </MenuItem>
        ))}
      </TextField>
      <TextField
        {...field}
        select
        id="genai-log-level"
        label="Level"
        value={filter.level}
        onChange={event =>
          onFilter({
            ...filter,
            level: event.target.value as LogFilter['level'],
          })
        }
      >
        {LEVELS.map(([level, label]) => (
          <MenuItem key={level} value={level}>
            {label}
          </MenuItem>
        ))}
      </TextField>
      <TextField
        {...field}
        id="genai-log-text"
        label="Find"
        type="search"
        inputRef={findRef}
        value={filter.text}
        onChange={event => onFilter({ ...filter, text: event.target.value })}
      />
      <FormControlLabel
        className={classes.wrap}
        label="Wrap lines"
        control={
          <Switch
            color="primary"
            size="small"
            checked={wrap}
            onChange={(_, checked) => onWrap(checked)}
          />
        }
      />
      <Typography
        className={classes.count}
        role="status"
        aria-label="Lines shown"
        variant="body2"
        color="textSecondary"
      >
        {countText(shown, total)}
      </Typography>
    </div>
  );
}

function countText(shown: number | undefined, total: number | undefined) {
  if (shown === undefined || total === undefined) return '';
  const all = `${total.toLocaleString('en')} ${total === 1 ? 'line' : 'lines'}`;
  return shown === total ? all : `${shown.toLocaleString('en')} of ${all}`;
}
