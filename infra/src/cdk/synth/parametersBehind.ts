import { referencesIn } from '../../timing/referencesIn';
import type { Template } from './template';

/**
 * Names of the parameters that properties of a resource refer to, and those of what they
 * refer to; sorted. Conditions are left out.
 */
export function parametersBehind(
  { Parameters = {}, Resources }: Template,
  logicalId: string,
): string[] {
  const seen = new Set<string>();
  const visit = (name: string) => {
    if (seen.has(name)) return;
    seen.add(name);
    referencesIn(Resources[name]?.Properties).forEach(visit);
  };
  visit(logicalId);
  return [...seen].filter(name => name in Parameters).sort();
}
