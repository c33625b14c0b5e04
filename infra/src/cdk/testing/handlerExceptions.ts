/** What a handler lists for features that no template uses. */
export type HandlerException = { reason: string; actions: RegExp };

/** By resource type; each must be needed, or the test says so. */
export const HANDLER_EXCEPTIONS: Record<string, HandlerException[]> = {
  'AWS::ApiGateway::RestApi': [
    { reason: 'The body is in the template.', actions: /^s3:GetObject$/ },
  ],
  'AWS::ApiGatewayV2::VpcLink': [
    {
      reason: 'Other links of the account may use the role that is linked.',
      actions: /^iam:(Delete|Get)ServiceLinkedRole/,
    },
  ],
  'AWS::ApplicationAutoScaling::ScalableTarget': [
    {
      reason: 'Nothing is scaled by the clock.',
      actions: /^application-autoscaling:(Delete|Put)ScheduledAction$/,
    },
    { reason: 'No function is scaled.', actions: /^lambda:/ },
  ],
  'AWS::Cognito::UserPool': [
    {
      reason: 'Pools have no users, and so no attributes.',
      actions: /^cognito-idp:AddCustomAttributes$/,
    },
  ],
  'AWS::Cognito::UserPoolDomain': [
    {
      reason:
        'Domains are those of Cognito: no certificate, nothing to update.',
      actions: /^(cloudfront:|cognito-idp:UpdateUserPoolDomain$)/,
    },
  ],
  'AWS::DynamoDB::Table': [
    {
      reason: 'Tables have no replicas and are not imported.',
      actions:
        /^(dynamodb:(\w+TableReplica|\w*Item|Query|Scan|DescribeImport|ImportTable)|s3:\w+|logs:\w+)$/,
    },
    {
      reason:
        'Tables have no streams, no insights and no policies of their own.',
      actions:
        /^(kinesis:\w+|dynamodb:(\w+KinesisStreamingDestination|UpdateContributorInsights|(Delete|Put)ResourcePolicy))$/,
    },
    {
      reason: 'The key is named by its ARN, and DynamoDB retires its grant.',
      actions: /^kms:(ListAliases|RevokeGrant)$/,
    },
  ],
  'AWS::EC2::EIP': [
    {
      reason: 'The address belongs to a NAT gateway, which is deleted before.',
      actions:
        /^ec2:(AcceptAddressTransfer|AssociateAddress|DisassociateAddress)$/,
    },
  ],
  'AWS::EC2::FlowLog': [
    {
      reason: 'Networks have no group of instances.',
      actions: /^autoscaling:DescribeTags$/,
    },
  ],
  'AWS::EC2::NatGateway': [
    {
      reason: 'A NAT gateway keeps the one address that it is made with.',
      actions: /^ec2:\w*NatGatewayAddress$/,
    },
  ],
  'AWS::EC2::Subnet': [
    {
      reason: 'Subnets have the addresses that they are made with.',
      actions: /^ec2:(A|Disa)ssociateSubnetCidrBlock$/,
    },
  ],
  'AWS::EC2::SubnetRouteTableAssociation': [
    {
      reason: 'Subnets are made with their only table.',
      actions: /^ec2:ReplaceRouteTableAssociation$/,
    },
  ],
  'AWS::EC2::VPC': [
    {
      reason: 'Networks have neither tenancy nor encryption of their own.',
      actions: /^ec2:(ModifyVpcTenancy|CreateVpcEncryptionControl)$/,
    },
  ],
  'AWS::EC2::VPCEndpoint': [
    {
      reason: 'Endpoints lead to services of AWS in this region.',
      actions: /^(vpc-lattice:|vpce:AllowMultiRegion$)/,
    },
  ],
  'AWS::EC2::VPCGatewayAttachment': [
    {
      reason: 'Networks have no private connections to elsewhere.',
      actions: /^ec2:(At|De)tachVpnGateway$/,
    },
  ],
  'AWS::ECR::Repository': [
    {
      reason: 'Repositories have no policy: they are for this account.',
      actions: /^ecr:(Delete|Set)RepositoryPolicy$/,
    },
  ],
  'AWS::ECS::Cluster': [
    {
      reason: 'Settings of the account are nobody’s but its administrator’s.',
      actions: /^ecs:PutAccountSetting/,
    },
  ],
  'AWS::ElasticLoadBalancingV2::Listener': [
    {
      reason: 'Listeners ask nobody to sign in.',
      actions: /^cognito-idp:DescribeUserPoolClient$/,
    },
  ],
  'AWS::ElasticLoadBalancingV2::ListenerRule': [
    {
      reason: 'Rules ask nobody to sign in.',
      actions: /^cognito-idp:DescribeUserPoolClient$/,
    },
  ],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': [
    {
      reason:
        'Balancers have private IPv4 addresses, and no capacity reserved.',
      actions:
        /^(ec2:DescribeIpamPools|elasticloadbalancing:(ModifyCapacityReservation|ModifyIpPools|SetIpAddressType))$/,
    },
  ],
  'AWS::ElasticLoadBalancingV2::TargetGroup': [
    {
      reason: 'Targets are registered by ECS.',
      actions: /^elasticloadbalancing:(Der|R)egisterTargets$/,
    },
  ],
  'AWS::IAM::Role': [
    {
      reason: 'No role ever leaves the boundary.',
      actions: /^iam:DeleteRolePermissionsBoundary$/,
    },
  ],
  'AWS::KMS::Key': [
    {
      reason: 'Keys are enabled and rotated from the first day to the last.',
      actions: /^kms:(DisableKey|DisableKeyRotation|EnableKey)$/,
    },
  ],
  'AWS::Logs::LogGroup': [
    {
      reason: 'Groups have a key and a retention, and no policies or targets.',
      actions:
        /^(logs:(DisassociateKmsKey|PutDataProtectionPolicy|(Delete|Put)(Index|Resource)Policy|PutBearerTokenAuthentication|PutLogGroupDeletionProtection)|firehose:\w+|s3:REST\.PUT\.OBJECT)$/,
    },
  ],
  'AWS::Route53::RecordSet': [
    {
      reason: 'The zone is named by its id.',
      actions: /^route53:ListHostedZones$/,
    },
  ],
  'AWS::S3::Bucket': [
    {
      reason: 'IAM knows none of these: others delete what they put.',
      actions:
        /^s3:DeleteBucket(AnalyticsConfiguration|Cors|Encryption|Lifecycle|MetricsConfiguration|Replication)$/,
    },
    {
      reason: 'Buckets hold objects, and none of these is set for them.',
      actions:
        /^s3:(\w*BucketMetadata\w*TableConfiguration|DeleteBucketWebsite|Put(Accelerate|Analytics|IntelligentTiering|Inventory|Metrics|ObjectLock|Replication)Configuration|PutBucket(Abac|Notification|ObjectLockConfiguration|Replication|Website))$/,
    },
    {
      reason: 'Objects are the business of services alone.',
      actions: /^s3:(DeleteObject|PutObjectAcl)$/,
    },
    { reason: 'Buckets have no tables.', actions: /^s3tables:/ },
  ],
  'AWS::SecretsManager::Secret': [
    {
      reason: 'Secrets stay in their region.',
      actions:
        /^secretsmanager:(RemoveRegionsFromReplication|ReplicateSecretToRegions)$/,
    },
  ],
  'AWS::WAFv2::WebACL': [
    {
      reason: 'No group of rules is bought.',
      actions: /^payments:GetConnectedAccount$/,
    },
  ],
  'AWS::WAFv2::WebACLAssociation': [
    {
      reason: 'What is protected is a stage of API Gateway.',
      actions:
        /^(amplify|apprunner|appsync|bedrock-agentcore|cognito-idp|ec2|elasticloadbalancing):/,
    },
    {
      reason: 'Groups of rules are not shared with other accounts.',
      actions: /^wafv2:(Get|Put)PermissionPolicy$/,
    },
  ],
};
