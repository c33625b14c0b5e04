import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PRICES } from '../../costs/prices';
import {
  type BlueprintManifest,
  type CreationModel,
  manifestSchema,
  type StackBlueprint,
} from '../../manifest/manifest';
import { criticalPath } from '../../timing/criticalPath';
import type { createApp } from '../app';
import type { BlueprintStack } from '../BlueprintStack';
import { environmentCost, foundationCost } from './environmentCost';
import { parametersBehind } from './parametersBehind';
import type { Template } from './template';

/** Describes the templates that were written to a directory. */
export function createManifest(options: {
  app: ReturnType<typeof createApp>;
  /** Where the templates are. */
  directory: string;
  version: string;
}): BlueprintManifest {
  const { app, directory, version } = options;
  const read = (stack: BlueprintStack) => readTemplate(directory, stack);
  return manifestSchema.parse({
    schemaVersion: 1,
    version,
    prices: {
      region: PRICES.region,
      date: PRICES.date,
      currency: PRICES.currency,
    },
    foundation: {
      ...describeStack('foundation', app.foundation, directory),
      cost: foundationCost(),
    },
    environments: app.environments.map(
      ({ tier, vectorStore, core, services }) => ({
        id: `${tier}-${vectorStore}`,
        ...{ tier, vectorStore },
        core: describeStack('core', core, directory),
        services: describeStack('services', services, directory),
        cost: environmentCost({
          ...{ tier, vectorStore },
          core: read(core),
          services: read(services),
        }),
        creation: creationOf({ core: read(core), services: read(services) }),
      }),
    ),
  } satisfies BlueprintManifest);
}

function describeStack(
  kind: StackBlueprint['kind'],
  stack: BlueprintStack,
  directory: string,
): StackBlueprint {
  const text = readFileSync(join(directory, stack.templateFile), 'utf8');
  const template = JSON.parse(text) as Template;
  const { Resources } = template;
  const types = Object.values(Resources).map(({ Type }) => Type);
  return {
    kind,
    template: stack.templateFile,
    sha256: createHash('sha256').update(text).digest('hex'),
    bytes: Buffer.byteLength(text),
    resourceCount: types.length,
    resourcesByType: countByName(types),
    capabilities: types.some(type => type.startsWith('AWS::IAM::'))
      ? ['CAPABILITY_IAM']
      : [],
    parameters: stack.parameters,
    outputs: stack.outputs,
    ecsServices: stack.ecsServices,
    apiParameters: kind === 'core' ? parametersBehind(template, 'Api') : [],
    emptyBeforeDelete: stack.emptyBeforeDelete,
  };
}

/** Both stacks, one after the other, without what takes a condition that does not hold. */
function creationOf(templates: {
  core: Template;
  services: Template;
}): CreationModel {
  const parts = (['core', 'services'] as const).map(stack => {
    const { seconds, steps } = criticalPath(
      withoutOptional(templates[stack].Resources),
    );
    return { seconds, steps: steps.map(step => ({ stack, ...step })) };
  });
  return {
    seconds: parts.reduce((sum, { seconds }) => sum + seconds, 0),
    steps: parts.flatMap(({ steps }) => steps),
  };
}

/** Conditions that do not hold by default: no name of its own, no endpoints, the first revision. */
const OPTIONAL = [
  'HasBaseDomainName',
  'HasDomainRecord',
  'HasEndpoints',
  'IsHibernated',
  'IsRunningRevisionB',
];

function withoutOptional(
  resources: Template['Resources'],
): Template['Resources'] {
  return Object.fromEntries(
    Object.entries(resources).filter(
      ([, resource]) =>
        !OPTIONAL.includes(
          (resource as { Condition?: string }).Condition ?? '',
        ),
    ),
  );
}

function readTemplate(directory: string, stack: BlueprintStack): Template {
  return JSON.parse(readFileSync(join(directory, stack.templateFile), 'utf8'));
}

function countByName(names: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of [...names].sort()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
