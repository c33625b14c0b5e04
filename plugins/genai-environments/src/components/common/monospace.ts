/** Fonts for what programs say and read. */
export const MONOSPACE =
  'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace';
