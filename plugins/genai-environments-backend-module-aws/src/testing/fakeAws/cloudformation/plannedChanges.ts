import { isDeepStrictEqual } from 'node:util';
import { replacementBy, tagProperty } from './schemas';
import type { ChangeDetail, ChangeSet, PlannedChange, Stack } from './Stack';
import type { Surroundings, Template } from './Template';

type Planned = Map<string, PlannedChange>;

/** What a change set would do, as far as CloudFormation can tell. Test code. */
export function planChanges(
  stack: Stack,
  changeSet: ChangeSet,
  around: Surroundings,
): PlannedChange[] {
  const { template } = changeSet;
  const planned = template.plan(around);
  const found: Planned = new Map();
  for (const logicalId of planned.keys()) {
    const { Type: type } = template.resources[logicalId];
    const old = stack.resources.get(logicalId);
    if (!old) {
      found.set(logicalId, { action: 'Add', logicalId, type });
      continue;
    }
    const next = template.properties(logicalId, around);
    const details = [
      ...changedProperties(type, old.properties, next),
      ...changedTags(type, stack.content?.tags, changeSet.tags),
    ];
    if (details.length > 0) found.set(logicalId, modify(logicalId, details));
  }
  for (const logicalId of planned.keys()) follow(template, logicalId, found);
  for (const { logicalId, type } of stack.resources.values()) {
    if (!planned.has(logicalId)) {
      found.set(logicalId, { action: 'Remove', logicalId, type });
    }
  }
  return [...found.values()];

  function modify(logicalId: string, details: ChangeDetail[]): PlannedChange {
    const { Type: type } = template.resources[logicalId];
    return { action: 'Modify', logicalId, type, details };
  }

  function follow(body: Template, logicalId: string, all: Planned) {
    const known = all.get(logicalId);
    if (!stack.resources.has(logicalId)) return;
    const { Type, Properties = {} } = body.resources[logicalId];
    const details = Object.entries(Properties).flatMap(([name, value]) =>
      causesIn(value, all)
        .filter(cause => cause.split('.')[0] !== logicalId)
        .map(cause => dynamic(Type, name, cause)),
    );
    if (details.length === 0) return;
    all.set(
      logicalId,
      modify(logicalId, [...(known?.details ?? []), ...details]),
    );
  }
}

/** The change with the most impact. */
export function replacementOf({ details = [] }: PlannedChange): string {
  const impacts = details.map(({ recreation, evaluation }): string => {
    if (recreation === 'Always' && evaluation === 'Static') return 'True';
    return recreation === 'Never' ? 'False' : 'Conditional';
  });
  return (
    ['True', 'Conditional'].find(impact => impacts.includes(impact)) ?? 'False'
  );
}

function changedProperties(
  type: string,
  before: Record<string, any>,
  after: Record<string, any>,
): ChangeDetail[] {
  return Object.keys({ ...before, ...after })
    .filter(name => !isDeepStrictEqual(before[name], after[name]))
    .map(name => ({
      ...{ name, evaluation: 'Static' as const },
      recreation: replacementBy(type, name),
    }));
}

/** Tags of a stack are those of its resources. */
function changedTags(
  type: string,
  before: Record<string, string> | undefined,
  after: Record<string, string>,
): ChangeDetail[] {
  const name = tagProperty(type);
  if (!name || isDeepStrictEqual(before, after)) return [];
  const recreation = replacementBy(type, name);
  return [{ name, evaluation: 'Static', recreation }];
}

function dynamic(type: string, name: string, cause: string): ChangeDetail {
  const recreation = replacementBy(type, name);
  return { name, evaluation: 'Dynamic', recreation, cause };
}

/** References to what is replaced, and attributes of all that changes. */
function causesIn(value: any, changed: Planned): string[] {
  if (Array.isArray(value)) {
    return value.flatMap(item => causesIn(item, changed));
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries<any>(value).flatMap(([key, item]) => {
    if (key === 'Ref') {
      const change = changed.get(item);
      const isReplaced =
        change?.action === 'Modify' && replacementOf(change) !== 'False';
      return isReplaced ? [item] : [];
    }
    if (key === 'Fn::GetAtt') {
      const [id, attribute] = Array.isArray(item) ? item : item.split('.');
      const isChanged = changed.get(id)?.action === 'Modify';
      return isChanged ? [`${id}.${attribute}`] : [];
    }
    return causesIn(item, changed);
  });
}
