import {
  createFrontendPlugin,
  createRouteRef,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import HomeIcon from '@material-ui/icons/Home';

const rootRouteRef = createRouteRef();

/** The portal's first page. */
export const homePlugin = createFrontendPlugin({
  pluginId: 'home',
  title: 'Home',
  icon: <HomeIcon fontSize="inherit" />,
  routes: { root: rootRouteRef },
  extensions: [
    PageBlueprint.make({
      params: {
        path: '/',
        title: 'Home',
        routeRef: rootRouteRef,
        noHeader: true,
        loader: () => import('./HomePage').then(m => <m.HomePage />),
      },
    }),
  ],
});
