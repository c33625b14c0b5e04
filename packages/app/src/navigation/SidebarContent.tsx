import {
  Link,
  Sidebar,
  SidebarDivider,
  SidebarGroup,
  SidebarItem,
  SidebarScrollWrapper,
  SidebarSpace,
  sidebarConfig,
  useSidebarOpenState,
} from '@backstage/core-components';
import MenuIcon from '@material-ui/icons/Menu';
import { makeStyles } from '@material-ui/core/styles';
import type {
  NavContentComponentProps,
  NavContentNavItem,
} from '@backstage/plugin-app-react';
import { Mark, Wordmark } from './Wordmark';

const useStyles = makeStyles({
  logo: {
    width: sidebarConfig.drawerWidthClosed,
    height: 2 * sidebarConfig.logoHeight,
    display: 'flex',
    alignItems: 'center',
    paddingLeft: 20,
    marginBottom: -8,
    color: '#fff',
    '& a': { color: 'inherit' },
  },
});

const SidebarLogo = () => {
  const classes = useStyles();
  const { isOpen } = useSidebarOpenState();
  return (
    <div className={classes.logo}>
      <Link to="/" underline="none" aria-label="GenAI Environments, home">
        {isOpen ? <Wordmark /> : <Mark />}
      </Link>
    </div>
  );
};

const Item = ({ href, icon, title }: NavContentNavItem) => (
  <SidebarItem to={href} icon={() => icon} text={title} />
);

/** The things one does here first, then whatever other plugins add, settings last. */
export const SidebarContent = ({ navItems }: NavContentComponentProps) => {
  const nav = navItems.withComponent(Item);
  const settings = nav.take('page:user-settings');
  // Reached from the entities whose relations it shows.
  nav.take('page:catalog-graph');
  return (
    <Sidebar>
      <SidebarLogo />
      <SidebarDivider />
      <SidebarGroup label="Menu" icon={<MenuIcon />}>
        {nav.take('page:home')}
        {nav.take('page:genai-environments')}
        {nav.take('page:scaffolder')}
        {nav.take('page:catalog')}
        <SidebarScrollWrapper>
          {nav.rest({ sortBy: 'title' })}
        </SidebarScrollWrapper>
      </SidebarGroup>
      <SidebarSpace />
      <SidebarDivider />
      {settings}
    </Sidebar>
  );
};
