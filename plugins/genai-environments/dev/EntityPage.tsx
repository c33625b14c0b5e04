import {
  EntityAboutCard,
  EntityLayout,
  EntitySwitch,
} from '@backstage/plugin-catalog';
import Grid from '@material-ui/core/Grid';
import type { ReactNode } from 'react';
import {
  EntityGenaiEnvironmentCard,
  EntityGenaiEnvironmentContent,
  isGenaiEnvironment,
  isGenaiEnvironmentAvailable,
  useGenaiEnvironmentTearDown,
} from '../src';

function EnvironmentLayout(props: { children: ReactNode }) {
  const { menuItems, dialog } = useGenaiEnvironmentTearDown();
  return (
    <>
      <EntityLayout UNSTABLE_extraContextMenuItems={menuItems}>
        {props.children}
      </EntityLayout>
      {dialog}
    </>
  );
}

/**
 * A classic entity page with everything that the plugin adds to it. An element and no
 * component, because the app looks for routes in its elements.
 */
export const entityPage = (
  <EnvironmentLayout>
    <EntityLayout.Route path="/" title="Overview">
      <Grid container>
        <EntitySwitch>
          <EntitySwitch.Case if={isGenaiEnvironmentAvailable}>
            <Grid item xs={12} md={8}>
              <EntityGenaiEnvironmentCard />
            </Grid>
          </EntitySwitch.Case>
        </EntitySwitch>
        <Grid item xs={12} md={4}>
          <EntityAboutCard />
        </Grid>
      </Grid>
    </EntityLayout.Route>
    <EntityLayout.Route
      path="/environment"
      title="Environment"
      if={isGenaiEnvironment}
    >
      <EntityGenaiEnvironmentContent />
    </EntityLayout.Route>
  </EnvironmentLayout>
);
