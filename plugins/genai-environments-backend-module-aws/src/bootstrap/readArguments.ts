import { parseArgs } from 'node:util';
import type { ParameterBlueprint } from '@genai-environments/aws-blueprints';
import { BootstrapError } from './callAws';
import { explainZoneName } from './zones';

/** What the command was asked for. */
export type BootstrapArguments = {
  region: string;
  /** Of the shared configuration of AWS's tools. */
  profile?: string;
  /** The account that must be met. */
  accountId?: string;
  /** Without it nothing is changed. */
  isConfirmed: boolean;
  /** Whether resources may be made anew, or removed, that environments may depend on. */
  allowsReplacement: boolean;
  /** Parameters of the foundation that were given. */
  parameters: Record<string, string>;
};

const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;
const ACCOUNT = /^\d{12}$/;

/** `PortalExternalId` becomes `portal-external-id`. */
export function flagOf(parameter: string): string {
  return parameter.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase();
}

export function describeUsage(parameters: ParameterBlueprint[]): string {
  const lines = parameters.map(
    ({ name, description, default: value }) =>
      `  --${flagOf(name)} …  ${description}${
        value ? ` (default ${value})` : ''
      }`,
  );
  return [
    'npm run aws:bootstrap -- --region <region> [options]',
    '',
    '  --profile …  profile of the shared AWS configuration',
    '  --account …  number of the account that must be met',
    '  --yes  carry out the plan; without it nothing is changed',
    '  --allow-replacement  let CloudFormation remove resources or make them anew',
    ...lines,
  ].join('\n');
}

/** @throws BootstrapError that names the option */
export function readArguments(
  given: string[],
  parameters: ParameterBlueprint[],
): BootstrapArguments {
  const values = parse(given, parameters);
  const region = matching(values, 'region', REGION, 'eu-central-1')!;
  return {
    region,
    profile: values.profile,
    accountId: values.account
      ? matching(values, 'account', ACCOUNT, '012345678901')
      : undefined,
    isConfirmed: values.yes === 'true',
    allowsReplacement: values['allow-replacement'] === 'true',
    parameters: Object.fromEntries(
      parameters
        .filter(({ name }) => values[flagOf(name)] !== undefined)
        .map(each => [
          each.name,
          checked(each, values[flagOf(each.name)]!, region),
        ]),
    ),
  };
}

function parse(
  given: string[],
  parameters: ParameterBlueprint[],
): Record<string, string | undefined> {
  const names = ['region', 'profile', 'account'];
  const texts = [...names, ...parameters.map(({ name }) => flagOf(name))];
  try {
    const { values } = parseArgs({
      args: given,
      options: {
        ...Object.fromEntries(
          texts.map(name => [name, { type: 'string' as const }]),
        ),
        yes: { type: 'boolean' as const },
        'allow-replacement': { type: 'boolean' as const },
      },
    });
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, String(value)]),
    );
  } catch (error) {
    throw new BootstrapError(
      `${(error as Error).message}\n\n${describeUsage(parameters)}`,
      { cause: error },
    );
  }
}

function matching(
  values: Record<string, string | undefined>,
  name: string,
  pattern: RegExp,
  example: string,
): string | undefined {
  const value = values[name];
  if (value && pattern.test(value)) return value;
  const received = value === undefined ? 'is missing' : `is "${value}"`;
  throw new BootstrapError(
    `Option --${name} ${received}; give something like ${example}.`,
  );
}

function checked(
  parameter: ParameterBlueprint,
  value: string,
  region: string,
): string {
  const { name, allowedValues, allowedPattern } = parameter;
  const isAllowed =
    (!allowedValues || allowedValues.includes(value)) &&
    (!allowedPattern || new RegExp(allowedPattern).test(value));
  if (isAllowed) return value;
  const zoneName = explainZoneName(parameter, value, region);
  if (zoneName) {
    throw new BootstrapError(`Option --${flagOf(name)}: ${zoneName}`);
  }
  const allowed =
    allowedValues?.join(' or ') ?? `what matches ${allowedPattern}`;
  throw new BootstrapError(
    `Option --${flagOf(name)} is "${value}"; allowed is ${allowed}.`,
  );
}
