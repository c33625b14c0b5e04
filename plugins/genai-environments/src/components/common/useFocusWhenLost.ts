import { RefObject, useEffect, useRef } from 'react';

/**
 * Where the keyboard goes when a dialog has closed and what opened it is gone or switched
 * off by then, such as *Reveal* after the one reveal. The element needs `tabIndex={-1}`.
 */
export function useFocusWhenLost<T extends HTMLElement>(
  dialogOpen: boolean,
): RefObject<T> {
  const ref = useRef<T>(null);
  const wasOpen = useRef(dialogOpen);
  useEffect(() => {
    if (wasOpen.current && !dialogOpen && isFocusLost()) ref.current?.focus();
    wasOpen.current = dialogOpen;
  }, [dialogOpen]);
  return ref;
}

function isFocusLost(): boolean {
  const { activeElement, body } = document;
  return activeElement === body || Boolean(activeElement?.matches(':disabled'));
}
