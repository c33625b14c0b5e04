import Card from '@material-ui/core/Card';
import CardActionArea from '@material-ui/core/CardActionArea';
import CardContent from '@material-ui/core/CardContent';
import Grid from '@material-ui/core/Grid';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { DEMO_USERS, DemoUser } from './demoUsers';
import { SignInLayout } from './SignInLayout';

const useStyles = makeStyles(theme => ({
  intro: { marginBottom: theme.spacing(3), maxWidth: '60ch' },
  card: { height: '100%' },
  action: {
    height: '100%',
    '&:focus-visible': {
      outline: `3px solid ${theme.palette.primary.main}`,
      outlineOffset: -3,
    },
  },
  content: { height: '100%', display: 'flex', flexDirection: 'column' },
  team: {
    color: theme.palette.text.secondary,
    marginBottom: theme.spacing(2),
  },
  go: {
    marginTop: 'auto',
    paddingTop: theme.spacing(2),
    fontWeight: 700,
    color: theme.palette.primary.main,
  },
}));

/** Asks who one wants to be; every choice is a button. */
export const SignInChoices = ({
  onChoose,
}: {
  onChoose: (user: DemoUser) => void;
}) => {
  const classes = useStyles();
  return (
    <SignInLayout>
      <Typography variant="h1" style={{ fontSize: 34 }} gutterBottom>
        Who would you like to be?
      </Typography>
      <Typography className={classes.intro}>
        This demo portal runs on your machine and needs no password. Start as
        Ada to create your first environment; come back as somebody else to see
        what other teams may do.
      </Typography>
      <Grid container spacing={3} alignItems="stretch">
        {DEMO_USERS.map(user => (
          <Grid item xs={12} sm={4} key={user.id}>
            <Card className={classes.card} variant="outlined">
              <CardActionArea
                className={classes.action}
                onClick={() => onChoose(user)}
                aria-label={`Sign in as ${user.title}`}
                aria-describedby={`demo-user-${user.id}`}
              >
                <CardContent className={classes.content}>
                  <Typography variant="h2" style={{ fontSize: 24 }}>
                    {user.title}
                  </Typography>
                  <Typography className={classes.team} variant="body2">
                    {user.team}
                  </Typography>
                  <Typography id={`demo-user-${user.id}`} variant="body2">
                    {user.description}
                  </Typography>
                  <Typography className={classes.go} variant="body2">
                    Sign in as {user.title}
                  </Typography>
                </CardContent>
              </CardActionArea>
            </Card>
          </Grid>
        ))}
      </Grid>
    </SignInLayout>
  );
};
