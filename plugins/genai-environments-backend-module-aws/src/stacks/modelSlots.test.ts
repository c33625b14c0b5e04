import type { OfferedModel } from '../aws/Bedrock';
import type { StackState } from '../aws/stackRecords';
import type { StackBlueprint } from '../blueprints/types';
import { assignSlots } from './modelSlots';

const core = {
  parameters: ['Model1', 'Model2', 'Model3'].map(name => ({
    name,
    source: { from: 'provisioner', what: 'model' },
  })),
} as StackBlueprint;
const model = (sourceArn: string) => ({ sourceArn } as OfferedModel);

function slotsOf(names: string[], has: string[] = []) {
  const parameters = Object.fromEntries(
    has.map((name, index) => [`Model${index + 1}`, name]),
  );
  const assigned = assignSlots(
    names.map(model),
    core,
    has.length > 0 ? ({ parameters } as StackState) : undefined,
  );
  return Object.fromEntries(
    [...assigned].map(([{ sourceArn }, slot]) => [sourceArn, slot]),
  );
}

describe('models in the slots of a base', () => {
  it('are in the order that was asked for at first', () => {
    expect(slotsOf(['a', 'b'])).toEqual({ a: 'Model1', b: 'Model2' });
  });

  it('stay where they are when others go, or their order changes', () => {
    expect(slotsOf(['b'], ['a', 'b', ''])).toEqual({ b: 'Model2' });
    expect(slotsOf(['b', 'a'], ['a', 'b', ''])).toEqual({
      ...{ a: 'Model1', b: 'Model2' },
    });
  });

  it('take an empty one before one that another model leaves', () => {
    expect(slotsOf(['c', 'b'], ['a', 'b', ''])).toEqual({
      ...{ b: 'Model2', c: 'Model3' },
    });
    expect(slotsOf(['b', 'c', 'd'], ['a', 'b', ''])).toEqual({
      ...{ b: 'Model2', c: 'Model3', d: 'Model1' },
    });
  });
});
