import { InputError } from '@backstage/errors';
import { tierSchema } from '@genai-environments/backstage-plugin-genai-environments-common';
import {
  type Blueprints,
  type ParameterBlueprint,
  VECTOR_STORES,
} from './blueprints/types';
import type { Target } from './config';

/**
 * What is wrong with the settings of a target, by the parameters of the templates; as
 * sentences for the platform team.
 */
export function findSettingFaults(
  { id, settings }: Pick<Target, 'id' | 'settings'>,
  blueprints: Blueprints,
): string[] {
  const known = parametersBySetting(blueprints);
  const where = (key: string) =>
    `Configuration genaiEnvironments.aws.targets, "${id}": settings.${key}`;
  const faults = Object.entries(settings).flatMap(([key, value]) => {
    const parameter = known.get(key);
    if (!parameter) {
      return [`${where(key)} is not known. ${suggest(key, [...known.keys()])}`];
    }
    const rule = brokenRule(parameter, value);
    return rule ? [`${where(key)} is "${value}"; it must ${rule}.`] : [];
  });
  if (settings.baseDomainName && !settings.certificateArn) {
    faults.push(
      `${where(
        'baseDomainName',
      )} needs settings.certificateArn: a certificate of the target's region for all names below it.`,
    );
  }
  return faults;
}

/** @throws InputError that names the first fault */
export function assertSettings(targets: Target[], blueprints: Blueprints) {
  for (const target of targets) {
    const [fault] = findSettingFaults(target, blueprints);
    if (fault) throw new InputError(fault);
  }
}

/** Of all tiers: a target may have settings for one that it does not offer. */
function parametersBySetting({
  find,
}: Blueprints): Map<string, ParameterBlueprint> {
  const choices = tierSchema.options.flatMap(tier =>
    VECTOR_STORES.map(vectorStore => ({ tier, vectorStore })),
  );
  const parameters = choices.flatMap(choice => {
    const { core, services } = find(choice);
    return [...core.parameters, ...services.parameters];
  });
  return new Map(
    parameters.flatMap(parameter =>
      parameter.source.from === 'target'
        ? [[parameter.source.key, parameter] as const]
        : [],
    ),
  );
}

/** What CloudFormation would refuse the value for, or nothing. */
function brokenRule(
  parameter: ParameterBlueprint,
  value: string,
): string | undefined {
  const { type, allowedValues, allowedPattern, maxLength } = parameter;
  const { minValue = -Infinity, maxValue = Infinity } = parameter;
  if (allowedValues && !allowedValues.includes(value)) {
    return `be one of ${allowedValues.join(', ')}`;
  }
  if (type === 'Number') {
    if (!/^-?\d+(\.\d+)?$/.test(value)) return 'be a number';
    const isWithin = Number(value) >= minValue && Number(value) <= maxValue;
    return isWithin ? undefined : `be a number ${range(parameter)}`;
  }
  if (maxLength !== undefined && value.length > maxLength) {
    return `have at most ${maxLength} characters`;
  }
  const isMatch =
    !allowedPattern || new RegExp(`^(?:${allowedPattern})$`).test(value);
  return isMatch ? undefined : `match ${allowedPattern}`;
}

function range({ minValue, maxValue }: ParameterBlueprint): string {
  const bounds = [
    minValue === undefined ? [] : `from ${minValue}`,
    maxValue === undefined ? [] : `to ${maxValue}`,
  ];
  return bounds.flat().join(' ');
}

function suggest(key: string, known: string[]): string {
  const meant = known.find(
    name => name.toLowerCase() === key.toLowerCase().replaceAll(/[-_]/g, ''),
  );
  return meant
    ? `Write it as ${meant}.`
    : `There are ${[...known].sort().join(', ')}.`;
}
