/**
 * How long CloudFormation takes for a resource, in seconds.
 *
 * `configured`: until what depends on it begins. `complete`: until it counts as made, which the
 * stack waits for. CloudFormation has told the two apart since March 2024.
 *
 * AWS publishes no such numbers. These are upper ends of what is seen in stack events, rounded
 * up; the test with a real account compares them with its own events.
 *
 * @see https://aws.amazon.com/blogs/devops/how-we-sped-up-aws-cloudformation-deployments-with-optimistic-stabilization/
 */
export type CreationTime = { configured: number; complete: number };

const QUICK: CreationTime = { configured: 3, complete: 5 };

const TIMES: Record<string, CreationTime> = {
  // Its DNS name is known at once, but rules and services wait until it is active.
  'AWS::ElasticLoadBalancingV2::LoadBalancer': {
    configured: 125,
    complete: 150,
  },
  'AWS::ElasticLoadBalancingV2::TargetGroup': { configured: 5, complete: 15 },
  'AWS::KMS::Key': { configured: 10, complete: 60 },
  'AWS::DynamoDB::Table': { configured: 15, complete: 45 },
  'AWS::S3::Bucket': { configured: 5, complete: 25 },
  // Names of queues take a minute to be known everywhere.
  'AWS::SQS::Queue': { configured: 5, complete: 65 },
  'AWS::S3Vectors::VectorBucket': { configured: 5, complete: 10 },
  'AWS::OpenSearchServerless::CollectionGroup': {
    configured: 15,
    complete: 20,
  },
  'AWS::OpenSearchServerless::Collection': { configured: 90, complete: 120 },
  'AWS::Cognito::UserPool': { configured: 5, complete: 10 },
  'AWS::Cognito::UserPoolDomain': { configured: 5, complete: 15 },
  'AWS::ApiGateway::RestApi': { configured: 8, complete: 10 },
  'AWS::ApiGateway::Deployment': { configured: 5, complete: 10 },
  'AWS::ApiGateway::Stage': { configured: 5, complete: 10 },
  'AWS::ApiGateway::DomainName': { configured: 15, complete: 30 },
  'AWS::ApiGatewayV2::VpcLink': { configured: 120, complete: 150 },
  'AWS::WAFv2::WebACLAssociation': { configured: 15, complete: 20 },
  'AWS::WAFv2::WebACL': { configured: 10, complete: 15 },
  'AWS::Route53::RecordSet': { configured: 30, complete: 40 },
  'AWS::IAM::Role': { configured: 5, complete: 20 },
  'AWS::Bedrock::ApplicationInferenceProfile': { configured: 5, complete: 10 },
  'AWS::ECS::Cluster': { configured: 5, complete: 10 },
  'AWS::ECS::ClusterCapacityProviderAssociations': {
    configured: 10,
    complete: 15,
  },
  // Task 35, image 20, start 2, two checks of the load balancer 10, and the look of ECS.
  'AWS::ECS::Service': { configured: 5, complete: 85 },
  'AWS::EC2::VPC': { configured: 5, complete: 15 },
  'AWS::EC2::VPCEndpoint': { configured: 60, complete: 90 },
  'AWS::EC2::NatGateway': { configured: 90, complete: 110 },
};

/** Before the first resource and after the last one, of each stack. */
export const STACK_OVERHEAD_SECONDS = 8;

export function creationTime(type: string): CreationTime {
  return TIMES[type] ?? QUICK;
}
