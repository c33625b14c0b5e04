import type {
  Plan,
  PlanProblem,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import List from '@material-ui/core/List';
import ListItem from '@material-ui/core/ListItem';
import ListItemText from '@material-ui/core/ListItemText';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import Alert from '@material-ui/lab/Alert';
import AlertTitle from '@material-ui/lab/AlertTitle';
import { FactList } from '../components/common/FactList';
import { RelativeTime } from '../components/common/RelativeTime';

const useStyles = makeStyles(
  theme => ({
    heading: { marginTop: theme.spacing(3) },
    list: { marginBottom: theme.spacing(2) },
    prices: { listStyle: 'none', margin: 0, padding: 0 },
    // Backstage's theme keeps an entry of a list on one line, which is cut off on phones.
    text: { whiteSpace: 'normal', overflowWrap: 'anywhere' },
  }),
  { name: 'GenaiEnvironmentPlanSummary' },
);

/** A plan in words. */
export function PlanSummary(props: { plan: Plan }) {
  const { plan } = props;
  const { problems, resources, monthlyCost, perUse = [], expiresAt } = plan;
  const classes = useStyles();
  return (
    <>
      {problems.length > 0 ? (
        <Alert severity="error">
          <AlertTitle>This cannot be created</AlertTitle>
          <ul>
            {problems.map(problem => (
              <li key={`${problem.path} ${problem.code}`}>
                {problemText(problem)}
              </li>
            ))}
          </ul>
        </Alert>
      ) : (
        <Alert severity="success">
          Everything is in order: this can be created.
        </Alert>
      )}
      {resources.length > 0 && (
        <>
          <Typography variant="h6" component="h3" className={classes.heading}>
            What will be created
          </Typography>
          <List
            dense
            disablePadding
            className={classes.list}
            aria-label="Planned resources"
          >
            {resources.map(resource => (
              <ListItem
                key={`${resource.type} ${resource.name}`}
                disableGutters
              >
                <ListItemText
                  classes={{ primary: classes.text, secondary: classes.text }}
                  primary={resource.name}
                  secondary={`${resource.type}: ${resource.description}`}
                />
              </ListItem>
            ))}
          </List>
        </>
      )}
      <FactList
        facts={[
          ['Idle cost', costText(monthlyCost)],
          [
            'Per use',
            perUse.length === 0 ? undefined : (
              <ul className={classes.prices} aria-label="Cost per use">
                {perUse.map(({ name, unit, amount }) => (
                  <li key={name}>
                    {`${name}: ${money(
                      amount,
                      monthlyCost.currency,
                    )} / ${unit}`}
                  </li>
                ))}
              </ul>
            ),
          ],
          ['Expires', expiresAt && <RelativeTime at={expiresAt} />],
        ]}
      />
    </>
  );
}

/** A problem with the field it is about. */
export function problemText(problem: PlanProblem): string {
  return problem.path ? `${problem.path}: ${problem.message}` : problem.message;
}

function costText({ amount, currency, note }: Plan['monthlyCost']): string {
  const cost = money(amount, currency);
  return note ? `${cost} a month. ${note}` : `${cost} a month`;
}

/** Prices of single units can be fractions of a cent. */
function money(amount: number, currency: string): string {
  return new Intl.NumberFormat('en', {
    ...{ style: 'currency', currency },
    ...{ minimumFractionDigits: 2, maximumFractionDigits: 4 },
  }).format(amount);
}
