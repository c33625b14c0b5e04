/**
 * A callback ref that puts the keyboard where a dialog starts. Runs as the element
 * appears: an effect of the dialog would run before its portal has rendered. Buttons need
 * `focusRipple={false}` with it, because their ripple renders later.
 */
export function focusOnMount(element: HTMLElement | null): void {
  element?.focus();
}
