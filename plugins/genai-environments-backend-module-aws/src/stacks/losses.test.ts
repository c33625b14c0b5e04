import { findLost } from './losses';

describe('what a change set may lose', () => {
  const change = (LogicalResourceId: string, rest: object) => ({
    ResourceChange: {
      ...{ LogicalResourceId, ResourceType: 'AWS::EC2::Subnet' },
      ...rest,
    },
  });

  it('is of any type', () => {
    const lost = findLost([
      change('Added', { Action: 'Add' }),
      change('Changed', { Action: 'Modify', Replacement: 'False' }),
      change('Removed', { Action: 'Remove' }),
      change('Unknown', { Action: 'Dynamic' }),
      change('Replaced', { Action: 'Modify', Replacement: 'True' }),
      change('PossiblyReplaced', {
        ...{ Action: 'Modify', Replacement: 'Conditional' },
      }),
      {},
    ]);
    expect(lost.map(({ LogicalResourceId }) => LogicalResourceId)).toEqual([
      ...['Removed', 'Unknown', 'Replaced', 'PossiblyReplaced'],
    ]);
  });
});
