import { describeDifference, describeParameters } from './describeDifference';

const template = (content: object) => JSON.stringify(content);

describe('describeDifference', () => {
  it('names what is added, removed and changed by type', () => {
    const before = template({
      Resources: {
        Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: 'a' } },
        Two: { Type: 'AWS::EC2::Subnet' },
        One: { Type: 'AWS::EC2::Subnet' },
        Link: { Type: 'AWS::ApiGatewayV2::VpcLink' },
        Same: { Type: 'AWS::S3::Bucket' },
      },
      Outputs: { VpcId: {}, Old: {} },
    });
    const after = template({
      Resources: {
        Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: 'b' } },
        Link: { Type: 'AWS::ApiGateway::VpcLink' },
        Same: { Type: 'AWS::S3::Bucket' },
        Role: { Type: 'AWS::IAM::Role' },
      },
      Outputs: { VpcId: {}, New: {} },
    });
    expect(describeDifference(before, after)).toEqual([
      '  added ApiGateway vpc link: Link',
      '  added IAM role: Role',
      '  removed ApiGatewayV2 vpc link: Link',
      '  removed EC2 subnet: One, Two',
      '  changed EC2 vpc: Vpc',
      '  added outputs: New',
      '  removed outputs: Old',
    ]);
  });

  it('says when no resource is another', () => {
    const before = template({ Description: 'a', Resources: {} });
    const after = template({ Description: 'b', Resources: {} });
    expect(describeDifference(before, before)).toEqual([
      '  no resource by its template',
    ]);
    expect(describeDifference(before, after)).toEqual([
      '  no resource: descriptions, rules or the like',
    ]);
  });

  it('does not compare what somebody wrote in YAML', () => {
    expect(
      describeDifference('Resources: {}', template({ Resources: {} })),
    ).toEqual(['  The template there is not JSON: it cannot be compared.']);
  });
});

describe('describeParameters', () => {
  it('tells new values from those before', () => {
    expect(
      describeParameters(
        { Nat: 'false', Cidr: 'x', Zone1: '', Arn: '' },
        { Nat: 'true', Cidr: 'x', Arn: 'arn', Old: '1' },
      ),
    ).toEqual([
      '  Nat = false (was true)',
      '  Cidr = x',
      '  Zone1 = (none) (new)',
      '  Arn = (none) (was arn)',
      '  Old is no parameter any more',
    ]);
  });
});
