/** Names of classes for `className`; what is no name is left out. */
export function classNames(
  ...names: Array<string | false | undefined>
): string {
  return names.filter(Boolean).join(' ');
}
