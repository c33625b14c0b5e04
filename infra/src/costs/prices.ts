/**
 * List prices in US dollars, pinned so that two syntheses of one version say the same. Other
 * regions cost up to a third more. Renew all of them together, with the date.
 */
export const PRICES = {
  region: 'us-east-1',
  date: '2026-11-25',
  currency: 'USD',
  hoursPerMonth: 730,
  /** @see https://aws.amazon.com/fargate/pricing/ (Linux, ARM) */
  fargateVcpuHour: 0.03238,
  fargateGibHour: 0.00356,
  /**
   * Part of the price that spare capacity costs. It moves day by day between 0.3 and 0.5; the
   * model takes the upper end.
   */
  fargateSpotFactor: 0.5,
  /** @see https://aws.amazon.com/elasticloadbalancing/pricing/ */
  loadBalancerHour: 0.0225,
  loadBalancerCapacityUnitHour: 0.008,
  /** @see https://aws.amazon.com/kms/pricing/ */
  keyMonth: 1,
  /** @see https://aws.amazon.com/secrets-manager/pricing/ */
  secretMonth: 0.4,
  /** @see https://aws.amazon.com/cloudwatch/pricing/ */
  alarmMetricMonth: 0.1,
  compositeAlarmMonth: 0.5,
  dashboardMonth: 3,
  logsGib: 0.5,
  /** @see https://aws.amazon.com/waf/pricing/ */
  webAclMonth: 5,
  webAclRuleMonth: 1,
  webAclMillionRequests: 0.6,
  /** @see https://aws.amazon.com/vpc/pricing/ */
  natGatewayHour: 0.045,
  publicAddressHour: 0.005,
  /** @see https://aws.amazon.com/privatelink/pricing/ */
  interfaceEndpointHour: 0.01,
  /** @see https://aws.amazon.com/dynamodb/pricing/on-demand/ */
  millionReads: 0.125,
  millionWrites: 0.625,
  tableGibMonth: 0.25,
  /** @see https://aws.amazon.com/sqs/pricing/ */
  millionQueueRequests: 0.4,
  /** @see https://aws.amazon.com/s3/pricing/ */
  objectGibMonth: 0.023,
  vectorGibMonth: 0.06,
  millionVectorQueries: 2.5,
  /** @see https://aws.amazon.com/opensearch-service/pricing/ */
  searchUnitHour: 0.24,
  /** @see https://aws.amazon.com/textract/pricing/ (layout and tables) */
  thousandTextractPages: 19,
  /** @see https://aws.amazon.com/api-gateway/pricing/ */
  millionApiRequests: 3.5,
  /** @see https://aws.amazon.com/cognito/pricing/ (machine to machine) */
  applicationMonth: 6,
  thousandTokens: 2.25,
  /** @see https://aws.amazon.com/ecr/pricing/ */
  imageGibMonth: 0.1,
} as const;
