/**
 * What roles of tasks may invoke. One entry for a model that is in several regions: a
 * parameter holds 4,096 bytes, and inference profiles of a continent name many.
 */
export function foundationModelArns(arns: string[]): string[] {
  const regions = new Map<string, string[]>();
  for (const arn of new Set(arns)) {
    const key = inAnyRegion(arn);
    regions.set(key, [...(regions.get(key) ?? []), arn]);
  }
  return [...regions].map(([anywhere, [first, ...others]]) =>
    others.length > 0 ? anywhere : first,
  );
}

function inAnyRegion(arn: string): string {
  return arn.replace(/^(arn:[^:]+:bedrock):[^:]*:/, '$1:*:');
}
