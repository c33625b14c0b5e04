import type {
  ResourceChange,
  ResourceChangeDetail,
} from '@aws-sdk/client-cloudformation';
import { findLosses } from './dataLoss';

const table = (change: Partial<ResourceChange>) => ({
  ResourceChange: {
    ...{ Action: 'Modify', LogicalResourceId: 'Table' },
    ResourceType: 'AWS::DynamoDB::Table',
    ...change,
  } as ResourceChange,
});
const caused = (
  CausingEntity: string | undefined,
  Evaluation: 'Dynamic' | 'Static' = 'Dynamic',
): ResourceChangeDetail => ({
  Evaluation,
  CausingEntity,
  Target: { Attribute: 'Properties', RequiresRecreation: 'Always' },
});
const key = (Replacement: 'True' | 'False' | 'Conditional') =>
  table({
    LogicalResourceId: 'Key',
    ResourceType: 'AWS::IAM::Role',
    Replacement,
  });

describe('losses of data', () => {
  it.each<[string, Partial<ResourceChange>]>([
    ['removals', { Action: 'Remove' }],
    ['replacements', { Replacement: 'True' }],
    ['what AWS cannot tell', { Action: 'Dynamic' }],
    ['possible replacements', { Replacement: 'Conditional' }],
    [
      'possible replacements by a value',
      { Replacement: 'Conditional', Details: [caused('Size', 'Static')] },
    ],
  ])('are %s', (_, change) => {
    expect(findLosses([table(change)])).toEqual(['the DynamoDB table Table']);
  });

  it('are networks that would have to be made anew, as by other zones', () => {
    const subnet = table({
      ...{ LogicalResourceId: 'PrivateSubnet1', Replacement: 'True' },
      ResourceType: 'AWS::EC2::Subnet',
    });
    expect(findLosses([subnet])).toEqual([
      expect.stringContaining('PrivateSubnet1'),
    ]);
  });

  it.each<[string, Partial<ResourceChange>]>([
    ['additions', { Action: 'Add' }],
    ['changes in place', { Replacement: 'False' }],
    [
      'replacements of what holds none',
      { Replacement: 'True', ResourceType: 'AWS::ECS::TaskDefinition' },
    ],
  ])('are not %s', (_, change) => {
    expect(findLosses([table(change)])).toEqual([]);
  });

  it('are references to what is itself replaced, not to what changes in place', () => {
    const named = table({
      Replacement: 'Conditional',
      Details: [caused('Key.Arn')],
    });
    expect(findLosses([named, key('False')])).toEqual([]);
    expect(findLosses([named, key('True')])).toHaveLength(1);
    expect(findLosses([named, key('Conditional')])).toHaveLength(1);
  });

  it('are not references to what itself only refers to what changes in place', () => {
    const changes = (first: 'True' | 'False') => [
      key(first),
      table({
        LogicalResourceId: 'Link',
        ResourceType: 'AWS::ApiGatewayV2::VpcLink',
        ...{ Replacement: 'Conditional', Details: [caused('Key.Arn')] },
      }),
      table({ Replacement: 'Conditional', Details: [caused('Link.Id')] }),
    ];
    expect(findLosses(changes('False'))).toEqual([]);
    expect(findLosses(changes('True'))).toHaveLength(1);
  });

  it('are references in a circle, which nothing vouches for', () => {
    const one = table({
      ...{ Replacement: 'Conditional', Details: [caused('Other.Arn')] },
    });
    const other = table({
      LogicalResourceId: 'Other',
      ...{ Replacement: 'Conditional', Details: [caused('Table.Arn')] },
    });
    expect(findLosses([one, other])).toHaveLength(2);
  });
});
