import type { ParameterBlueprint } from '@genai-environments/aws-blueprints';
import { BootstrapError } from './callAws';

/**
 * Two zones that have VPC links of API Gateway, for regions with zones that have none. By
 * their ids: names stand for others in each account.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-vpc-links-v2.html
 */
const ZONES: Readonly<Record<string, readonly [string, string]>> = {
  'ap-east-1': ['ape1-az2', 'ape1-az3'],
  'ap-northeast-1': ['apne1-az1', 'apne1-az4'],
  'ap-northeast-2': ['apne2-az1', 'apne2-az3'],
  'ca-central-1': ['cac1-az1', 'cac1-az2'],
  'eu-west-3': ['euw3-az1', 'euw3-az3'],
  'us-east-1': ['use1-az1', 'use1-az2'],
  'us-west-1': ['usw1-az1', 'usw1-az3'],
};

const PARAMETERS = ['Zone1', 'Zone2'] as const;

/** `us-east-1b`, also of local zones. */
const ZONE_NAME = /^[a-z]{2}(-[a-z0-9]+)+-\d[a-z]$/;

/**
 * Parameters by which a new foundation gets zones that will do. None where the first zones
 * of the region do, and where somebody has chosen.
 */
export function chooseZones(
  region: string,
  given: Record<string, string>,
): Record<string, string> {
  const zones = ZONES[region];
  if (!zones || PARAMETERS.some(name => given[name])) return {};
  return Object.fromEntries(PARAMETERS.map((name, i) => [name, zones[i]]));
}

/** What is wrong with a value that is the name of a zone, where an id is asked for. */
export function explainZoneName(
  { name }: Pick<ParameterBlueprint, 'name'>,
  value: string,
  region: string,
): string | undefined {
  const isZone = PARAMETERS.some(each => each === name);
  if (!isZone || !ZONE_NAME.test(value)) return undefined;
  return `"${value}" is the name of a zone, which stands for another one in each account; zones are given by ids, like use1-az1. "aws ec2 describe-availability-zones --region ${region} --query 'AvailabilityZones[].[ZoneName, ZoneId]' --output text" tells which is which.`;
}

/**
 * Subnets that were made by names cannot be made by ids: new ones have the same addresses.
 *
 * @throws BootstrapError
 */
export function assertZoneIds(
  parameters: Record<string, string>,
  region: string,
): void {
  for (const name of PARAMETERS) {
    const problem = explainZoneName({ name }, parameters[name] ?? '', region);
    if (!problem) continue;
    throw new BootstrapError(
      `The stack has ${name} by an older version: ${problem} Its network has to be made anew: tear environments down, and give --zone1 and --zone2 by ids, --vpc-cidr with other addresses, and --allow-replacement.`,
    );
  }
}
