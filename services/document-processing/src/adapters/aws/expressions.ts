import type { ConditionalChange } from '@genai-environments/service-kit/aws';

/** `SET` of attributes by their names; those without a value are left as they are. */
export function setAttributes(
  attributes: Record<string, unknown>,
): Required<Pick<ConditionalChange, 'names' | 'values'>> & { set: string } {
  const given = Object.entries(attributes).filter(
    ([, value]) => value !== undefined,
  );
  return {
    set: `SET ${given.map(([name]) => `#${name} = :${name}`).join(', ')}`,
    names: Object.fromEntries(given.map(([name]) => [`#${name}`, name])),
    values: Object.fromEntries(
      given.map(([name, value]) => [`:${name}`, value]),
    ),
  };
}
