import type { KeyboardEvent } from 'react';

const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
const BUTTONS = 'button[aria-expanded]';

/**
 * Moves the keyboard to the next line with detail. Thousands of buttons are one stop of
 * the tab key that way.
 */
export function moveBetweenDetails(event: KeyboardEvent<HTMLElement>): void {
  const step = STEPS[event.key];
  const list = event.currentTarget.closest('[role="list"]');
  if (!step || !list) return;
  event.preventDefault();
  const buttons = [...list.querySelectorAll<HTMLElement>(BUTTONS)];
  buttons[buttons.indexOf(event.currentTarget) + step]?.focus();
}
