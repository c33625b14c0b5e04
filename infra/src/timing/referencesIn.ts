/**
 * Logical ids that a part of a template refers to, by name or by attribute. Templates put
 * nothing but pseudo parameters into texts.
 */
export function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => {
    if (key === 'Ref') return [String(each)];
    if (key === 'Fn::GetAtt') return [String([each].flat()[0])];
    return referencesIn(each);
  });
}
