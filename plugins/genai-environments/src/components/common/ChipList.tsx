import Chip from '@material-ui/core/Chip';
import { makeStyles } from '@material-ui/core/styles';

const useStyles = makeStyles(
  theme => ({
    list: {
      display: 'flex',
      flexWrap: 'wrap',
      gap: theme.spacing(0.5),
      listStyle: 'none',
      margin: 0,
      padding: 0,
    },
    chip: { margin: 0 },
  }),
  { name: 'GenaiEnvironmentChipList' },
);

/** A few short values; `label` names the list for screen readers. */
export function ChipList(props: { values: string[]; label: string }) {
  const classes = useStyles();
  return (
    <ul className={classes.list} aria-label={props.label}>
      {props.values.map(value => (
        <li key={value}>
          <Chip className={classes.chip} size="small" label={value} />
        </li>
      ))}
    </ul>
  );
}
