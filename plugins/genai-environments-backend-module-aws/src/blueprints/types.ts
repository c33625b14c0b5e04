import type { Tier } from '@genai-environments/backstage-plugin-genai-environments-common';

/** What keeps the vectors of an environment. */
export const VECTOR_STORES = ['s3-vectors', 'opensearch-serverless'] as const;
export type VectorStoreKind = (typeof VECTOR_STORES)[number];

/** Where the value of a parameter comes from. */
export type ParameterSource =
  | { from: 'environment'; field: 'name' | 'uid' | 'owner' }
  | { from: 'output'; stack: 'foundation' | 'core'; output: string }
  | { from: 'target'; key: string }
  | {
      from: 'provisioner';
      what:
        | 'state'
        | 'model'
        | 'models'
        | 'textModel'
        | 'bedrockConfig'
        | 'foundationModelArns'
        | 'runtimeImage'
        | 'appImage'
        | 'runsService'
        | 'listenerPriority'
        /** Of the ECS service that the name of the parameter ends with. */
        | 'tasks'
        | 'restartedAt'
        /** The other one of two, when a parameter that the API is made of changes. */
        | 'apiRevision';
    };

export type ParameterBlueprint = {
  name: string;
  type?: 'String' | 'Number' | 'CommaDelimitedList';
  default?: string;
  allowedValues?: string[];
  /** A regular expression. */
  allowedPattern?: string;
  maxLength?: number;
  minValue?: number;
  maxValue?: number;
  source: ParameterSource;
};

export type StackKind = 'foundation' | 'core' | 'services';

export type StackBlueprint = {
  kind: StackKind;
  /** File name of the template. */
  template: string;
  sha256: string;
  resourceCount: number;
  resourcesByType: Record<string, number>;
  capabilities: Array<'CAPABILITY_IAM' | 'CAPABILITY_NAMED_IAM'>;
  parameters: ParameterBlueprint[];
  /** Of kind `core`: parameters that the API is made of. */
  apiParameters: string[];
  /** Of kind `services`; the output `<logicalId>Name` names each that exists. */
  ecsServices: Array<{
    logicalId: string;
    /** `{name}` stands for the environment's; what follows names its log group, too. */
    name: string;
    hosts: string[];
    workers: string[];
  }>;
};

export type EnvironmentBlueprint = {
  id: string;
  tier: Tier;
  vectorStore: VectorStoreKind;
  core: StackBlueprint;
  services: StackBlueprint;
  /** US dollars. */
  cost: {
    idleMonthlyUsd: number;
    hibernatedMonthlyUsd: number;
    /** What calls cost beside the models themselves. */
    perUse: Array<{ name: string; unit: string; usd: number }>;
    note: string;
  };
  creation: { seconds: number };
};

/** The bundled templates, as the package of blueprints answers them. */
export type Blueprints = {
  version: string;
  /** @throws when there is no such blueprint */
  find(choice: {
    tier: Tier;
    vectorStore: VectorStoreKind;
  }): EnvironmentBlueprint;
};
