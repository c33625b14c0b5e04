import { EmptyState, Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import { rootRouteRef } from '../../routes';

/** In place of an environment that is torn down, or that never was. */
export function EnvironmentGone(props: { name: string; deleted: boolean }) {
  const { name, deleted } = props;
  const fleetPath = useRouteRef(rootRouteRef)();
  return (
    <EmptyState
      missing="data"
      title={
        deleted
          ? `${name} was torn down`
          : `There is no environment called ${name}`
      }
      description={
        deleted
          ? 'Its services, data, applications and secrets are gone. The catalog drops this page within seconds.'
          : 'It was torn down, or this entity names an environment that was never created.'
      }
      action={<Link to={fleetPath}>See all GenAI environments</Link>}
    />
  );
}
