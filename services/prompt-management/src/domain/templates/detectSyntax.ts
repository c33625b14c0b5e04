import { hasClassicPlaceholder } from './classicTemplate';

const LIQUID_TAG = /\{%-?\s*[a-z#][^{}]*%\}/;
/** `{{ name }}`, `{{ user.name | upcase }}`: a path, maybe with filters. */
const LIQUID_OUTPUT =
  /\{\{-?\s*[A-Za-z_][\w-]*(?:\.[\w-]+|\[[^\]{}]*\])*\s*(?:\|[^{}]*)?\}\}/;

/**
 * Whether a template whose syntax nobody stated is meant as Liquid: it has a `{% tag %}`, or
 * it has `{{ outputs }}` and no `{placeholder}` beside them. In classic templates doubled
 * braces are mostly JSON around placeholders.
 */
export function looksLikeLiquid(template: string): boolean {
  if (LIQUID_TAG.test(template)) return true;
  return LIQUID_OUTPUT.test(template) && !hasClassicPlaceholder(template);
}
