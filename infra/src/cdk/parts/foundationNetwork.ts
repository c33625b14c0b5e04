import { Aws, type CfnResource, CfnRule, Fn } from 'aws-cdk-lib';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { BlueprintStack } from '../BlueprintStack';
import {
  createNetwork,
  type Network,
  type Zone,
  ZONE_ID,
  ZONES,
} from './network';

/** The network that environments share, as the account's settings want it. */
export function createFoundationNetwork(
  stack: BlueprintStack,
  options: { logs: CfnBucket; logPolicy: CfnResource },
): Network {
  const cidr = stack.setting('VpcCidr', {
    key: 'vpcCidr',
    description: 'Addresses of the network, a block of 16 bits',
    default: '10.64.0.0/16',
    allowedPattern: '^\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.0/16$',
  });
  const nat = stack.setting('Nat', {
    key: 'natGateway',
    description:
      'Whether tasks reach the internet, by one NAT gateway; without it no environment but isolated ones, which have their own',
    default: 'true',
    allowedValues: ['true', 'false'],
  });
  const endpoints = stack.setting('InterfaceEndpoints', {
    key: 'interfaceEndpoints',
    description:
      'Whether services of AWS are reached inside the network, as far as they can be',
    default: 'false',
    allowedValues: ['true', 'false'],
  });
  const network = createNetwork(stack, {
    cidr: cidr.valueAsString,
    zones: chooseZones(stack),
    hasNat: stack.condition('HasNat', () =>
      Fn.conditionEquals(nat.valueAsString, 'true'),
    ),
    hasEndpoints: stack.condition('HasEndpoints', () =>
      Fn.conditionEquals(endpoints.valueAsString, 'true'),
    ),
    flowLogBucketArn: options.logs.attrArn,
    flowLogsWaitFor: [options.logPolicy],
  });
  network.zoneIds.forEach((value, index) =>
    stack.output(`Zone${index + 1}`, {
      value,
      description: `Id of zone ${index + 1} of networks`,
    }),
  );
  stack.output('Nat', {
    value: nat.valueAsString,
    description: 'Whether it reaches the internet',
  });
  return network;
}

/** The first zones of the region, unless others are given: VPC links lack some. */
function chooseZones(stack: BlueprintStack): Zone[] {
  const named = Array.from({ length: ZONES }, (_, index) =>
    stack.setting(`Zone${index + 1}`, {
      key: `zone${index + 1}`,
      description: `Id of availability zone ${
        index + 1
      }, like use1-az1; empty: the region's`,
      default: '',
      allowedPattern: `^(${ZONE_ID})?$`,
    }),
  );
  new CfnRule(stack, 'ZonesAreNamedTogether', {
    assertions: [
      {
        assert: Fn.conditionOr(
          Fn.conditionAnd(...named.map(each => isEmpty(each.valueAsString))),
          Fn.conditionAnd(
            Fn.conditionNot(isEmpty(named[0].valueAsString)),
            Fn.conditionNot(isEmpty(named[1].valueAsString)),
            Fn.conditionNot(
              Fn.conditionEquals(
                named[0].valueAsString,
                named[1].valueAsString,
              ),
            ),
          ),
        ),
        assertDescription: 'Zone1 and Zone2 are two zones, or both empty',
      },
    ],
  });
  const areNamed = stack.isGiven(named[0]);
  const ifNamed = (value: string, otherwise: string) =>
    Fn.conditionIf(areNamed.logicalId, value, otherwise).toString();
  return named.map((each, index) => ({
    availabilityZoneId: ifNamed(each.valueAsString, Aws.NO_VALUE),
    availabilityZone: ifNamed(Aws.NO_VALUE, Fn.select(index, Fn.getAzs())),
  }));
}

function isEmpty(value: string) {
  return Fn.conditionEquals(value, '');
}
