import type { ReactNode } from 'react';
import Container from '@material-ui/core/Container';
import { makeStyles } from '@material-ui/core/styles';
import { Wordmark } from '../navigation/Wordmark';

const useStyles = makeStyles(theme => ({
  page: {
    gridArea: 'pageContent',
    minHeight: '100vh',
    display: 'flex',
    alignItems: 'center',
    background: theme.palette.background.default,
    color: theme.palette.text.primary,
    padding: theme.spacing(4, 0),
  },
  brand: { marginBottom: theme.spacing(4) },
}));

/** Frame of everything that is shown before one is signed in. */
export const SignInLayout = ({ children }: { children: ReactNode }) => {
  const classes = useStyles();
  return (
    <main className={classes.page}>
      <Container maxWidth="md">
        <div className={classes.brand}>
          <Wordmark size={40} />
        </div>
        {children}
      </Container>
    </main>
  );
};
