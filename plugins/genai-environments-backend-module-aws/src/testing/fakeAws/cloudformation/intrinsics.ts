import { AwsError } from '../AwsError';

/** What functions of a template can look up. */
export type Scope = {
  ref(name: string): unknown;
  getAtt(logicalId: string, attribute: string): unknown;
  condition(name: string): boolean;
  mapping(map: string, top: string, second: string): unknown;
  importValue(name: string): unknown;
};

export function isIntrinsic(value: any): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const keys = Object.keys(value);
  return keys.length === 1 && (keys[0] === 'Ref' || keys[0].startsWith('Fn::'));
}

/** Pseudo value of `AWS::NoValue`: what has it is left out. */
const NOTHING = Symbol('AWS::NoValue');

/** The value with all functions carried out. */
export function resolve(value: any, scope: Scope): any {
  const resolved = evaluate(value, scope);
  return resolved === NOTHING ? undefined : resolved;
}

function evaluate(value: any, scope: Scope): any {
  if (Array.isArray(value)) {
    return value
      .map(item => evaluate(item, scope))
      .filter(item => item !== NOTHING);
  }
  if (typeof value !== 'object' || value === null) return value;
  if (isIntrinsic(value)) return call(value, scope);
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]) => [key, evaluate(item, scope)])
      .filter(([, item]) => item !== NOTHING),
  );
}

function call(value: any, scope: Scope): any {
  const [name, argument]: [string, any] = Object.entries(value)[0] as never;
  const inner = (item: any) => evaluate(item, scope);
  switch (name) {
    case 'Ref':
      return argument === 'AWS::NoValue' ? NOTHING : scope.ref(argument);
    case 'Fn::GetAtt': {
      const [id, attribute] = Array.isArray(argument)
        ? argument
        : argument.split(/\.(.*)/);
      return scope.getAtt(id, attribute);
    }
    case 'Fn::Sub':
      return substitute(argument, scope);
    case 'Fn::Join':
      return inner(argument[1]).join(argument[0]);
    case 'Fn::Select':
      return inner(argument[1])[Number(inner(argument[0]))];
    case 'Fn::Split':
      return String(inner(argument[1])).split(argument[0]);
    case 'Fn::If':
      return inner(scope.condition(argument[0]) ? argument[1] : argument[2]);
    case 'Fn::FindInMap': {
      const [map, top, second] = inner(argument);
      return scope.mapping(map, top, second);
    }
    case 'Fn::ImportValue':
      return scope.importValue(inner(argument));
    case 'Fn::GetAZs':
      return ['a', 'b', 'c'].map(zone => `${scope.ref('AWS::Region')}${zone}`);
    case 'Fn::Base64':
      return Buffer.from(String(inner(argument))).toString('base64');
    case 'Fn::Cidr':
      return Array.from(
        { length: Number(inner(argument[1])) },
        (_, index) => `10.0.${index}.0/24`,
      );
    default:
      throw new AwsError('ValidationError', `The fake does not know ${name}`);
  }
}

function substitute(argument: any, scope: Scope): string {
  const [text, own] = Array.isArray(argument) ? argument : [argument, {}];
  return text.replace(/\$\{([^}]+)\}/g, (_: string, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    if (name in own) return String(evaluate(own[name], scope));
    const [id, attribute] = name.split(/\.(.*)/);
    return String(attribute ? scope.getAtt(id, attribute) : scope.ref(id));
  });
}

/** A condition of a template. */
export function holds(condition: any, scope: Scope): boolean {
  const [name, argument]: [string, any] = Object.entries(condition)[0] as never;
  switch (name) {
    case 'Condition':
      return scope.condition(argument);
    case 'Fn::Equals':
      return resolve(argument[0], scope) === resolve(argument[1], scope);
    case 'Fn::Not':
      return !holds(argument[0], scope);
    case 'Fn::And':
      return argument.every((item: any) => holds(item, scope));
    case 'Fn::Or':
      return argument.some((item: any) => holds(item, scope));
    default:
      throw new AwsError('ValidationError', `Unknown condition ${name}`);
  }
}

/** Logical ids that a value refers to. */
export function references(value: any, found = new Set<string>()): Set<string> {
  if (Array.isArray(value)) value.forEach(item => references(item, found));
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries<any>(value)) {
      if (key === 'Ref') found.add(item);
      else if (key === 'Fn::GetAtt') {
        found.add(Array.isArray(item) ? item[0] : item.split('.')[0]);
      } else if (key === 'Fn::Sub') {
        const text = Array.isArray(item) ? item[0] : item;
        for (const [, name] of text.matchAll(/\$\{([^}!.]+)/g)) found.add(name);
        if (Array.isArray(item)) references(item[1], found);
      } else references(item, found);
    }
  }
  return found;
}
