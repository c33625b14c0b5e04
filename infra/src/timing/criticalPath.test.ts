import { criticalPath } from './criticalPath';
import { STACK_OVERHEAD_SECONDS } from './creationTimes';

describe('criticalPath', () => {
  it('is the chain of resources that takes longest', () => {
    const { seconds, steps } = criticalPath({
      Balancer: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer' },
      Listener: {
        Type: 'AWS::ElasticLoadBalancingV2::Listener',
        Properties: { LoadBalancerArn: { Ref: 'Balancer' } },
      },
      Bucket: { Type: 'AWS::S3::Bucket' },
    });
    expect(steps).toEqual([
      expect.objectContaining({ logicalId: 'Balancer', seconds: 150 }),
    ]);
    expect(seconds).toBe(150 + STACK_OVERHEAD_SECONDS);
  });

  it('lets what depends on a resource begin before that counts as made', () => {
    const { steps } = criticalPath({
      Dead: { Type: 'AWS::SQS::Queue' },
      Queue: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          RedrivePolicy: { target: { 'Fn::GetAtt': ['Dead', 'Arn'] } },
        },
      },
    });
    expect(steps.map(({ logicalId, seconds }) => [logicalId, seconds])).toEqual(
      [
        ['Dead', 5],
        ['Queue', 65],
      ],
    );
  });

  it('follows what a resource was told to wait for, and no parameters', () => {
    const { steps } = criticalPath({
      First: {
        Type: 'AWS::S3::Bucket',
        Properties: { BucketName: { Ref: 'Name' } },
      },
      Second: { Type: 'AWS::S3::Bucket', DependsOn: ['First'] },
    });
    expect(steps.map(({ logicalId }) => logicalId)).toEqual([
      'First',
      'Second',
    ]);
  });

  it('refuses a circle', () => {
    expect(() =>
      criticalPath({
        A: { Type: 'AWS::S3::Bucket', DependsOn: 'B' },
        B: { Type: 'AWS::S3::Bucket', DependsOn: 'A' },
      }),
    ).toThrow('A waits for itself.');
  });

  it('is nothing for nothing', () => {
    expect(criticalPath({})).toEqual({ seconds: 0, steps: [] });
  });
});
