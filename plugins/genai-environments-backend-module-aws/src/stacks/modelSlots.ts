import type { OfferedModel } from '../aws/Bedrock';
import type { StackState } from '../aws/stackRecords';
import type { StackBlueprint } from '../blueprints/types';

/**
 * Which parameter of the core stack each model goes to. A model stays where it is: another
 * source makes an inference profile anew, under an ARN that running tasks do not know. New
 * ones go where nothing is, and only then where another one was.
 */
export function assignSlots(
  models: OfferedModel[],
  core: StackBlueprint,
  stack: StackState | undefined,
): Map<OfferedModel, string> {
  const slots = core.parameters
    .filter(({ source }) => source.from === 'provisioner')
    .filter(({ source }) => 'what' in source && source.what === 'model')
    .map(({ name }) => name);
  const has = (slot: string) => stack?.parameters[slot] ?? '';
  const assigned = new Map<OfferedModel, string>();
  const taken = new Set<string>();
  const take = (model: OfferedModel, slot: string | undefined) => {
    if (!slot) return;
    assigned.set(model, slot);
    taken.add(slot);
  };
  for (const model of models) {
    take(
      model,
      slots.find(slot => !taken.has(slot) && has(slot) === model.sourceArn),
    );
  }
  const free = () => slots.filter(slot => !taken.has(slot));
  for (const model of models) {
    if (assigned.has(model)) continue;
    take(model, free().find(slot => !has(slot)) ?? free()[0]);
  }
  return assigned;
}
