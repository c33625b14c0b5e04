import { Content, LinkButton, Page } from '@backstage/core-components';
import Grid from '@material-ui/core/Grid';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import AddIcon from '@material-ui/icons/Add';
import { NextSteps } from './NextSteps';
import { CREATE_ENVIRONMENT_PATH } from './paths';
import { Steps } from './Steps';
import { YourEnvironments } from './YourEnvironments';

const useStyles = makeStyles(theme => ({
  hero: {
    padding: theme.spacing(6, 0, 5),
    [theme.breakpoints.down('xs')]: { padding: theme.spacing(2, 0, 4) },
  },
  headline: {
    fontSize: 44,
    lineHeight: 1.15,
    letterSpacing: -0.8,
    maxWidth: '26ch',
    [theme.breakpoints.down('xs')]: { fontSize: 32 },
  },
  lead: {
    fontSize: 18,
    maxWidth: '58ch',
    margin: theme.spacing(2, 0, 3),
    color: theme.palette.text.secondary,
  },
  create: { fontSize: 18, padding: theme.spacing(1.5, 3) },
  section: { marginTop: theme.spacing(4) },
}));

/** Says what to do here, how it goes, and what one already has. */
export const HomePage = () => {
  const classes = useStyles();
  return (
    <Page themeId="home">
      <Content>
        <section className={classes.hero}>
          <Typography variant="h1" className={classes.headline}>
            A running GenAI environment for your project
          </Typography>
          <Typography className={classes.lead}>
            Press one button and your project owns an API for chat, embeddings
            and prompts, with credentials, an app and usage counts of its own.
            Another button takes it all away again.
          </Typography>
          <LinkButton
            to={CREATE_ENVIRONMENT_PATH}
            // Material UI calls every button that is no <button> one.
            role="link"
            color="primary"
            variant="contained"
            size="large"
            startIcon={<AddIcon />}
            className={classes.create}
          >
            Create Environment
          </LinkButton>
        </section>
        <Steps />
        <Grid container spacing={3} className={classes.section}>
          <Grid item xs={12} md={8}>
            <YourEnvironments />
          </Grid>
          <Grid item xs={12} md={4}>
            <NextSteps />
          </Grid>
        </Grid>
      </Content>
    </Page>
  );
};
