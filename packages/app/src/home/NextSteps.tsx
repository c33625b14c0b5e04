import { InfoCard, Link } from '@backstage/core-components';
import List from '@material-ui/core/List';
import ListItem from '@material-ui/core/ListItem';
import ListItemText from '@material-ui/core/ListItemText';
import { FLEET_PATH } from './paths';

const LINKS = [
  {
    to: FLEET_PATH,
    title: 'All environments',
    text: 'What every team runs here',
  },
  {
    to: '/catalog?filters[kind]=api',
    title: 'APIs',
    text: 'The OpenAPI document of each environment',
  },
  {
    to: '/create/tasks',
    title: 'Your tasks',
    text: 'What was created, with its log',
  },
  {
    to: '/settings',
    title: 'Settings',
    text: 'Theme, who you are, sign out',
  },
];

/** Where else one may want to go. */
export const NextSteps = () => (
  <InfoCard title="Look around" noPadding>
    <List component="nav" aria-label="Look around" disablePadding>
      {LINKS.map(({ to, title, text }) => (
        <ListItem
          button
          role="link"
          component={Link}
          to={to}
          key={to}
          underline="none"
        >
          <ListItemText primary={title} secondary={text} />
        </ListItem>
      ))}
    </List>
  </InfoCard>
);
