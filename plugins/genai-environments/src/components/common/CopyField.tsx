import { Link } from '@backstage/core-components';
import { makeStyles } from '@material-ui/core/styles';
import { CopyButton } from './CopyButton';
import { MONOSPACE } from './monospace';

const useStyles = makeStyles(
  theme => ({
    root: {
      display: 'inline-flex',
      alignItems: 'center',
      gap: theme.spacing(0.5),
      maxWidth: '100%',
    },
    value: {
      fontFamily: MONOSPACE,
      fontSize: '0.875em',
      overflowWrap: 'anywhere',
      minWidth: 0,
    },
  }),
  { name: 'GenaiEnvironmentCopyField' },
);

/** A value to take away; `what` names it for screen readers. */
export function CopyField(props: {
  value: string;
  what: string;
  href?: string;
}) {
  const { value, what, href } = props;
  const classes = useStyles();
  return (
    <span className={classes.root}>
      <span className={classes.value}>
        {href ? <Link to={href}>{value}</Link> : value}
      </span>
      <CopyButton text={value} what={what} />
    </span>
  );
}
