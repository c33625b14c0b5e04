import type { StackEventRecord } from '../aws/stackRecords';

/** Resources whose completion is worth a line in the timeline. */
const NOTABLE: Record<string, string> = {
  'AWS::EC2::VPC': 'The network of the environment is there.',
  'AWS::KMS::Key': 'The encryption key is there.',
  'AWS::DynamoDB::Table': 'The table for records is there.',
  'AWS::S3::Bucket': 'A bucket is there.',
  'AWS::Cognito::UserPool': 'The token issuer is there.',
  'AWS::ApiGateway::RestApi': 'The API is there.',
  'AWS::ElasticLoadBalancingV2::LoadBalancer': 'The load balancer is there.',
  'AWS::S3Vectors::VectorBucket': 'The vector store is there.',
  'AWS::OpenSearchServerless::Collection': 'The vector store is there.',
  'AWS::ECS::Cluster': 'The cluster is there.',
};

/** How far the operation under way is. `events` are newest first. */
export function readProgress(
  events: StackEventRecord[],
  stackId: string,
): { completed: StackEventRecord[]; current?: StackEventRecord } {
  const own = events
    .filter(({ physicalId }) => physicalId !== stackId)
    .reverse();
  const completed = own.filter(({ status }) => status.endsWith('_COMPLETE'));
  const done = new Set(completed.map(({ logicalId }) => logicalId));
  const current = own.find(
    ({ logicalId, status }) =>
      status.endsWith('_IN_PROGRESS') && !done.has(logicalId),
  );
  return { completed, current };
}

/** What the timeline tells of resources that were completed. */
export function tellCompleted(completed: StackEventRecord[]): string[] {
  return completed.flatMap(({ type, status, logicalId }) => {
    if (!status.startsWith('CREATE')) return [];
    if (type === 'AWS::ECS::Service') return [`The service ${logicalId} runs.`];
    return NOTABLE[type] ?? [];
  });
}
