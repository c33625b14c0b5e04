import { readArguments } from './readArguments';

const PARAMETERS = [
  {
    name: 'Nat',
    description: 'Whether',
    type: 'String' as const,
    default: 'true',
    allowedValues: ['true', 'false'],
    source: { from: 'target' as const, key: 'natGateway' },
  },
  {
    name: 'VpcCidr',
    description: 'Addresses',
    type: 'String' as const,
    allowedPattern: '^\\d+\\.0/16$',
    source: { from: 'target' as const, key: 'vpcCidr' },
  },
  {
    name: 'Zone1',
    description: 'Zone',
    type: 'String' as const,
    allowedPattern: '^([a-z]+\\d-az\\d)?$',
    source: { from: 'target' as const, key: 'zone1' },
  },
];

describe('readArguments', () => {
  const read = (...given: string[]) => readArguments(given, PARAMETERS);

  it('reads options, and changes nothing without --yes', () => {
    expect(
      read('--region', 'eu-central-1', '--profile', 'ops', '--nat', 'false'),
    ).toEqual({
      region: 'eu-central-1',
      profile: 'ops',
      accountId: undefined,
      isConfirmed: false,
      allowsReplacement: false,
      parameters: { Nat: 'false' },
    });
    expect(read('--region', 'eu-central-1', '--yes').isConfirmed).toBe(true);
  });

  it.each([
    [[], 'Option --region is missing'],
    [['--region', 'Frankfurt'], 'Option --region is "Frankfurt"'],
    [
      ['--region', 'eu-central-1', '--account', '12'],
      'Option --account is "12"',
    ],
    [
      ['--region', 'eu-central-1', '--nat', 'no'],
      'Option --nat is "no"; allowed is true or false.',
    ],
    [
      ['--region', 'eu-central-1', '--vpc-cidr', 'all'],
      'Option --vpc-cidr is "all"; allowed is what matches',
    ],
    [
      ['--region', 'us-east-1', '--zone1', 'us-east-1b'],
      /^Option --zone1: "us-east-1b" is the name of a zone.*ids, like use1-az1.*describe-availability-zones --region us-east-1/,
    ],
    [
      ['--region', 'us-east-1', '--zone1', 'first'],
      'Option --zone1 is "first"; allowed is what matches',
    ],
    [['--regoin', 'eu-central-1'], /Unknown option '--regoin'[^]*--vpc-cidr/],
  ])('refuses %j', (given, message) => {
    expect(() => read(...given)).toThrow(message);
  });
});
