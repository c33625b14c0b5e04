import { useEffect, useState } from 'react';

/**
 * For dialogs that open from a menu: when they close, the keyboard returns to the button
 * of that menu. Material UI returns it to what had it before, which is an entry of the
 * menu and gone by then.
 */
export function useFocusReturn(): void {
  const [trigger] = useState(() => menuTriggerOf(document.activeElement));
  useEffect(
    () => () => {
      if (document.activeElement === document.body) trigger?.focus();
    },
    [trigger],
  );
}

/** The button that labels the menu around an element. */
function menuTriggerOf(element: Element | null): HTMLElement | null {
  const id = element?.closest('[role="menu"]')?.getAttribute('aria-labelledby');
  return id ? document.getElementById(id) : null;
}
