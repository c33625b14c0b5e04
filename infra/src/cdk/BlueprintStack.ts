import {
  BootstraplessSynthesizer,
  CfnCondition,
  CfnOutput,
  CfnParameter,
  Fn,
  type ICfnConditionExpression,
  Stack,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type {
  EcsServiceBlueprint,
  EmptyBeforeDelete,
  ParameterBlueprint,
  ParameterSource,
} from '../manifest/manifest';

type ParameterOptions = Omit<ParameterBlueprint, 'name' | 'type'> & {
  type?: ParameterBlueprint['type'];
};

/**
 * A stack without assets, bootstrap rule and metadata, that remembers what the manifest says
 * about it. Logical ids are a public contract: a new one replaces the resource.
 */
export class BlueprintStack extends Stack {
  readonly parameters: ParameterBlueprint[] = [];
  readonly outputs: Array<{ name: string; description: string }> = [];
  readonly ecsServices: EcsServiceBlueprint[] = [];
  readonly emptyBeforeDelete: EmptyBeforeDelete[] = [];
  private readonly conditions = new Map<string, CfnCondition>();

  constructor(scope: Construct, id: string, options: { description: string }) {
    super(scope, id, {
      description: options.description,
      synthesizer: new BootstraplessSynthesizer(),
      analyticsReporting: false,
      suppressTemplateIndentation: true,
    });
  }

  /** Declares a parameter, and where a provisioner takes its value from. */
  parameter(name: string, options: ParameterOptions): CfnParameter {
    const { type = 'String', source, ...properties } = options;
    const blueprint = { name, type, source, ...properties };
    this.parameters.push(blueprint);
    return new CfnParameter(this, name, { type, ...properties });
  }

  /** A text that another stack's output gives. */
  copied(
    name: string,
    options: {
      description: string;
      stack: 'foundation' | 'core';
      /** Default: of the same name. */
      output?: string;
      default?: string;
      allowedPattern?: string;
      type?: ParameterBlueprint['type'];
    },
  ): CfnParameter {
    const { stack, output = name, ...rest } = options;
    return this.parameter(name, {
      ...rest,
      source: { from: 'output', stack, output },
    });
  }

  /** An optional setting of the account and region. */
  setting(
    name: string,
    options: Omit<ParameterOptions, 'source'> & { key: string },
  ): CfnParameter {
    const { key, ...rest } = options;
    const source: ParameterSource = { from: 'target', key };
    return this.parameter(name, { ...rest, source });
  }

  output(
    name: string,
    options: { description: string; value: string; condition?: CfnCondition },
  ): void {
    const { description } = options;
    this.outputs.push({ name, description });
    new CfnOutput(this, `Output${name}`, { ...options }).overrideLogicalId(
      name,
    );
  }

  /** One condition per name, however often it is asked for. */
  condition(
    name: string,
    expression: () => ICfnConditionExpression,
  ): CfnCondition {
    const known = this.conditions.get(name);
    if (known) return known;
    const condition = new CfnCondition(this, name, {
      expression: expression(),
    });
    this.conditions.set(name, condition);
    return condition;
  }

  /** That a text parameter was given. */
  isGiven(parameter: CfnParameter): CfnCondition {
    return this.condition(`Has${parameter.node.id}`, () =>
      Fn.conditionNot(Fn.conditionEquals(parameter.valueAsString, '')),
    );
  }
}
