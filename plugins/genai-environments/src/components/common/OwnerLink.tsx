import { parseEntityRef } from '@backstage/catalog-model';
import { EntityRefLink } from '@backstage/plugin-catalog-react';

/** Link to whom an entity reference names; shown as it is when it is not one. */
export function OwnerLink(props: { entityRef: string }) {
  try {
    parseEntityRef(props.entityRef);
  } catch {
    return <>{props.entityRef}</>;
  }
  return <EntityRefLink entityRef={props.entityRef} />;
}
