import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { AwsError } from '../AwsError';
import { isIntrinsic } from './intrinsics';

type Database = ReturnType<typeof loadAwsServiceSpecSync>;
type PropertyType = any;

let database: Database | undefined;
const resources = new Map<string, any>();

/** The real schema of a resource type. @throws AwsError when AWS has no such type */
export function schemaOf(type: string): any {
  const known = resources.get(type);
  if (known) return known;
  database ??= loadAwsServiceSpecSync();
  const found = [
    ...database.lookup('resource', 'cloudFormationType', 'equals', type),
  ];
  if (found.length === 0) {
    throw new AwsError(
      'ValidationError',
      `Template format error: Unrecognized resource types: [${type}]`,
    );
  }
  resources.set(type, found[0]);
  return found[0];
}

/** @throws AwsError for properties that the real schema does not have, or lacks */
export function assertProperties(
  type: string,
  logicalId: string,
  properties: Record<string, unknown> = {},
): void {
  const schema = schemaOf(type);
  assertMembers(schema.properties, properties, `${logicalId} (${type})`);
}

/** Whether a change of the property makes a new resource. */
export function replaces(type: string, property: string): boolean {
  return schemaOf(type).properties[property]?.causesReplacement === 'yes';
}

/** Whether a change of the property makes a new resource, as change sets say it. */
export function replacementBy(
  type: string,
  property: string,
): 'Always' | 'Conditionally' | 'Never' {
  switch (schemaOf(type).properties[property]?.causesReplacement) {
    case 'yes':
      return 'Always';
    case 'maybe':
      return 'Conditionally';
    default:
      return 'Never';
  }
}

/** The property that tags of the stack go to, if there is one. */
export function tagProperty(type: string): string | undefined {
  return schemaOf(type).tagInformation?.tagPropertyName;
}

/** The property that names the resource, if there is one. */
export function namingProperty(type: string): string | undefined {
  const { primaryIdentifier = [], properties } = schemaOf(type);
  return primaryIdentifier.length === 1 && properties[primaryIdentifier[0]]
    ? primaryIdentifier[0]
    : undefined;
}

function assertMembers(
  declared: Record<string, any>,
  given: Record<string, unknown>,
  where: string,
) {
  for (const [name, value] of Object.entries(given)) {
    if (!declared[name]) {
      throw new AwsError(
        'ValidationError',
        `Encountered unsupported property ${name} in ${where}`,
      );
    }
    assertType(declared[name].type, value, `${where}.${name}`);
  }
  for (const [name, property] of Object.entries(declared)) {
    if (property.required && given[name] === undefined) {
      throw new AwsError(
        'ValidationError',
        `Property ${name} of ${where} is required`,
      );
    }
  }
}

function assertType(type: PropertyType, value: any, where: string): void {
  if (isIntrinsic(value) || value === undefined || value === null) return;
  if (type.type === 'array') {
    if (!Array.isArray(value)) refuse(where, 'must be a list');
    value.forEach((item: unknown, index: number) =>
      assertType(type.element, item, `${where}[${index}]`),
    );
  } else if (type.type === 'map') {
    for (const [key, item] of Object.entries(value)) {
      assertType(type.element, item, `${where}.${key}`);
    }
  } else if (type.type === 'ref') {
    if (typeof value !== 'object') refuse(where, 'must be an object');
    const definition: any = database!.get('typeDefinition', type.reference);
    if (!definition.mustRenderForBwCompat) {
      assertMembers(definition.properties, value, where);
    }
  } else if (['string', 'number', 'integer', 'boolean'].includes(type.type)) {
    if (typeof value === 'object') refuse(where, `must be a ${type.type}`);
  }
}

function refuse(where: string, why: string): never {
  throw new AwsError('ValidationError', `Value of ${where} ${why}`);
}
