import { AwsError } from '../AwsError';
import { holds, references, resolve, type Scope } from './intrinsics';
import { assertProperties } from './schemas';

export type TemplateResource = {
  Type: string;
  Properties?: Record<string, any>;
  DependsOn?: string | string[];
  Condition?: string;
  DeletionPolicy?: string;
};

/** What a stack lends its template for looking things up. */
export type Surroundings = {
  region: string;
  accountId: string;
  stackName: string;
  stackId: string;
  parameters: Record<string, string>;
  exports: Map<string, string>;
  physicalId(logicalId: string): string | undefined;
  attribute(logicalId: string, attribute: string): unknown;
};

/** A parsed template that has passed the checks CloudFormation makes up front. */
export class Template {
  readonly resources: Record<string, TemplateResource>;

  constructor(private readonly body: any) {
    this.resources = body.Resources ?? {};
    if (Object.keys(this.resources).length === 0) {
      throw new AwsError(
        'ValidationError',
        'Template format error: At least one Resources member must be defined.',
      );
    }
    for (const [logicalId, { Type, Properties }] of Object.entries(
      this.resources,
    )) {
      assertProperties(Type, logicalId, Properties);
    }
    this.assertReferences();
  }

  static parse(text: string): Template {
    try {
      return new Template(JSON.parse(text));
    } catch (error) {
      if (error instanceof AwsError) throw error;
      throw new AwsError('ValidationError', 'Template format error: no JSON.');
    }
  }

  /** Defaults filled in. @throws AwsError for unknown and missing ones */
  completeParameters(
    given: Record<string, string>,
    previous: Record<string, string>,
  ): Record<string, string> {
    const declared: Record<string, any> = this.body.Parameters ?? {};
    const unknown = Object.keys(given).filter(name => !(name in declared));
    if (unknown.length > 0) {
      throw new AwsError(
        'ValidationError',
        `Parameters: [${unknown.join(', ')}] do not exist in the template`,
      );
    }
    const complete: Record<string, string> = {};
    for (const [name, parameter] of Object.entries(declared)) {
      const value = given[name] ?? previous[name] ?? parameter.Default;
      if (value === undefined) {
        throw new AwsError(
          'ValidationError',
          `Parameters: [${name}] must have values`,
        );
      }
      assertParameter(name, String(value), parameter);
      complete[name] = String(value);
    }
    return complete;
  }

  /** Whether creating it takes the capability `CAPABILITY_NAMED_IAM`. */
  requiredCapability(): 'CAPABILITY_NAMED_IAM' | 'CAPABILITY_IAM' | undefined {
    const iam = Object.values(this.resources).filter(({ Type }) =>
      /^AWS::IAM::(Role|Policy|ManagedPolicy|User|Group|InstanceProfile)$/.test(
        Type,
      ),
    );
    if (iam.length === 0) return undefined;
    const named = iam.some(
      ({ Properties = {} }) =>
        Properties.RoleName || Properties.ManagedPolicyName,
    );
    return named ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM';
  }

  /** Resources whose condition holds, with what each waits for. */
  plan(around: Surroundings): Map<string, Set<string>> {
    const scope = this.scope(around);
    const wanted = Object.entries(this.resources).filter(
      ([, { Condition }]) => !Condition || scope.condition(Condition),
    );
    const ids = new Set(wanted.map(([id]) => id));
    return new Map(
      wanted.map(([id, { Properties, DependsOn = [] }]) => [
        id,
        new Set(
          [...references(Properties), ...[DependsOn].flat()].filter(
            other => ids.has(other) && other !== id,
          ),
        ),
      ]),
    );
  }

  properties(logicalId: string, around: Surroundings): Record<string, any> {
    const { Properties = {} } = this.resources[logicalId];
    return resolve(Properties, this.scope(around));
  }

  outputs(
    around: Surroundings,
  ): Array<{ key: string; value: string; exportName?: string }> {
    const scope = this.scope(around);
    return Object.entries<any>(this.body.Outputs ?? {})
      .filter(([, { Condition }]) => !Condition || scope.condition(Condition))
      .map(([key, { Value, Export }]) => ({
        key,
        value: String(resolve(Value, scope)),
        exportName: Export && String(resolve(Export.Name, scope)),
      }));
  }

  private scope(around: Surroundings): Scope {
    const scope: Scope = {
      ref: name => pseudo(name, around) ?? this.refer(name, around),
      getAtt: (id, attribute) => around.attribute(id, attribute),
      condition: name => holds(this.body.Conditions[name], scope),
      mapping: (map, top, second) => this.body.Mappings[map][top][second],
      importValue(name) {
        const value = around.exports.get(String(name));
        if (value === undefined) {
          throw new AwsError(
            'ValidationError',
            `No export named ${name} found.`,
          );
        }
        return value;
      },
    };
    return scope;
  }

  private refer(name: string, around: Surroundings): unknown {
    if (name in around.parameters) {
      const type: string = this.body.Parameters[name].Type;
      const value = around.parameters[name];
      return /List/.test(type) ? value.split(',') : value;
    }
    return around.physicalId(name);
  }

  private assertReferences() {
    const known = new Set([
      ...Object.keys(this.resources),
      ...Object.keys(this.body.Parameters ?? {}),
    ]);
    for (const [id, { Properties }] of Object.entries(this.resources)) {
      for (const name of references(Properties)) {
        if (!known.has(name) && !name.startsWith('AWS::')) {
          throw new AwsError(
            'ValidationError',
            `Template format error: Unresolved resource dependencies [${name}] in the Resources block of the template (${id})`,
          );
        }
      }
    }
  }
}

function pseudo(name: string, around: Surroundings): string | undefined {
  const { region, accountId, stackName, stackId } = around;
  const values: Record<string, string> = {
    'AWS::Region': region,
    'AWS::AccountId': accountId,
    'AWS::StackName': stackName,
    'AWS::StackId': stackId,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
  };
  return values[name];
}

function assertParameter(name: string, value: string, declared: any) {
  const { AllowedValues, AllowedPattern } = declared;
  if (AllowedValues && !AllowedValues.map(String).includes(value)) {
    throw new AwsError(
      'ValidationError',
      `Parameter '${name}' must be one of AllowedValues`,
    );
  }
  if (AllowedPattern && !new RegExp(`^(?:${AllowedPattern})$`).test(value)) {
    throw new AwsError(
      'ValidationError',
      `Parameter '${name}' must match pattern ${AllowedPattern}`,
    );
  }
}
