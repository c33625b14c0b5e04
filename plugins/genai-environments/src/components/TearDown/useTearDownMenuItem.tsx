import type { IconComponent } from '@backstage/core-plugin-api';
import { useAsyncEntity } from '@backstage/plugin-catalog-react';
import DeleteForeverIcon from '@material-ui/icons/DeleteForever';
import { useState } from 'react';
import { getEnvironmentName, isGenaiEnvironment } from '../../entity';
import { TearDownDialog } from './TearDownDialog';
import { useTearDownPermission } from './useTearDownPermission';

/** An entry for `UNSTABLE_extraContextMenuItems` of the classic `EntityLayout`. */
export type TearDownMenuItem = {
  title: string;
  Icon: IconComponent;
  onClick: () => void;
};

/**
 * *Tear down* for the context menu of the classic entity page. Returns no item while
 * the entity is read, when it is no environment, and when the user may not tear it down.
 *
 * @example
 * ```tsx
 * const { menuItems, dialog } = useGenaiEnvironmentTearDown();
 * return (
 *   <>
 *     <EntityLayout UNSTABLE_extraContextMenuItems={menuItems}>
 *       {props.children}
 *     </EntityLayout>
 *     {dialog}
 *   </>
 * );
 * ```
 */
export function useGenaiEnvironmentTearDown(): {
  menuItems: TearDownMenuItem[];
  dialog: JSX.Element | null;
} {
  // The page that uses this exists before its entity has been read.
  const { entity } = useAsyncEntity();
  const [open, setOpen] = useState(false);
  const name = (entity && getEnvironmentName(entity)) ?? '';
  const { allowed, title } = useTearDownPermission(name);

  const offered = allowed && entity && isGenaiEnvironment(entity);
  return {
    menuItems: offered
      ? [{ title, Icon: DeleteForeverIcon, onClick: () => setOpen(true) }]
      : [],
    dialog: open ? (
      <TearDownDialog name={name} onClose={() => setOpen(false)} />
    ) : null,
  };
}
