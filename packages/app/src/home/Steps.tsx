import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';

const STEPS = [
  {
    title: 'Create',
    text: 'Name it, choose the team that owns it, its models and how long it shall live. You see what will be created before anything is.',
  },
  {
    title: 'Call it',
    text: 'Its page shows when it is Ready, its endpoint, and your client secret, once. Any OpenAI SDK works with it.',
  },
  {
    title: 'Tear it down',
    text: 'When you are done, the menu of its page removes its processes, data, credentials and catalog entries.',
  },
];

const useStyles = makeStyles(theme => ({
  list: {
    listStyle: 'none',
    margin: 0,
    padding: 0,
    display: 'grid',
    gap: theme.spacing(3),
    gridTemplateColumns: 'repeat(auto-fit, minmax(260px, 1fr))',
  },
  step: { display: 'flex', gap: theme.spacing(2) },
  number: {
    flex: 'none',
    width: 32,
    height: 32,
    borderRadius: '50%',
    display: 'grid',
    placeItems: 'center',
    fontWeight: 700,
    background: theme.palette.primary.main,
    color: theme.palette.primary.contrastText,
  },
}));

/** How it goes, in three steps. */
export const Steps = () => {
  const classes = useStyles();
  return (
    <ol className={classes.list} aria-label="How it works">
      {STEPS.map(({ title, text }, index) => (
        <li className={classes.step} key={title}>
          <span className={classes.number} aria-hidden="true">
            {index + 1}
          </span>
          <div>
            <Typography variant="h6" component="h2">
              {title}
            </Typography>
            <Typography variant="body2" color="textSecondary">
              {text}
            </Typography>
          </div>
        </li>
      ))}
    </ol>
  );
};
