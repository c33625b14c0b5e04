import { describeType } from '../stacks/causes';

type Resource = { Type: string };
type Template = {
  Resources: Record<string, Resource>;
  Outputs?: Record<string, unknown>;
};

/**
 * What an update makes of a stack, by its templates before and after: a line for each kind of
 * change and type of resource, with logical ids. Parameters can change resources, too, which
 * CloudFormation's change set knows alone.
 */
export function describeDifference(before: string, after: string): string[] {
  const old = parse(before);
  if (!old) return ['  The template there is not JSON: it cannot be compared.'];
  const wanted = parse(after)!;
  const lines = [
    ...describeResources(old.Resources, wanted.Resources),
    ...describeNames('outputs', old.Outputs, wanted.Outputs),
  ];
  if (lines.length > 0) return lines;
  return before.trim() === after.trim()
    ? ['  no resource by its template']
    : ['  no resource: descriptions, rules or the like'];
}

function describeResources(
  old: Template['Resources'],
  wanted: Template['Resources'],
): string[] {
  const ids = [...new Set([...Object.keys(old), ...Object.keys(wanted)])];
  // Another type under the same id is another resource.
  const isAnother = (id: string) => old[id]?.Type !== wanted[id]?.Type;
  return [
    ...byType(
      'added',
      ids.filter(id => wanted[id] && isAnother(id)),
      wanted,
    ),
    ...byType(
      'removed',
      ids.filter(id => old[id] && isAnother(id)),
      old,
    ),
    ...byType(
      'changed',
      ids.filter(id => !isAnother(id) && !isSame(old[id], wanted[id])),
      wanted,
    ),
  ];
}

function byType(
  what: string,
  ids: string[],
  resources: Template['Resources'],
): string[] {
  const types = [...new Set(ids.map(id => resources[id].Type))].sort();
  return types.map(type => {
    const same = ids.filter(id => resources[id].Type === type).sort();
    return `  ${what} ${describeType(type).slice(4)}: ${same.join(', ')}`;
  });
}

function describeNames(
  what: string,
  old: object = {},
  wanted: object = {},
): string[] {
  const added = Object.keys(wanted).filter(name => !(name in old));
  const removed = Object.keys(old).filter(name => !(name in wanted));
  return [
    ...(added.length ? [`  added ${what}: ${added.sort().join(', ')}`] : []),
    ...(removed.length
      ? [`  removed ${what}: ${removed.sort().join(', ')}`]
      : []),
  ];
}

/** Values of the parameters that a stack shall have, and what they were. */
export function describeParameters(
  wanted: Record<string, string>,
  before?: Record<string, string>,
): string[] {
  const show = (value: string) => value || '(none)';
  const was = (name: string, value: string) => {
    if (!before || before[name] === value) return '';
    return name in before ? ` (was ${show(before[name])})` : ' (new)';
  };
  const gone = Object.keys(before ?? {}).filter(name => !(name in wanted));
  return [
    ...Object.entries(wanted).map(
      ([name, value]) => `  ${name} = ${show(value)}${was(name, value)}`,
    ),
    ...gone.map(name => `  ${name} is no parameter any more`),
  ];
}

function parse(text: string): Template | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** CloudFormation gives back the bytes that it was sent, so that keys are in one order. */
function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
