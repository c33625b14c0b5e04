import type { LoggerService } from '@backstage/backend-plugin-api';
import type {
  EnvironmentSpec,
  ServiceName,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import type {
  EnvironmentIdentity,
  ReconcileOutcome,
} from '@genai-environments/backstage-plugin-genai-environments-node';
import type {
  IssuedCredentials,
  ProvisionerContractHarness,
} from '@genai-environments/backstage-plugin-genai-environments-node/testUtils';
import {
  AwsProvisioner,
  type AwsProvisionerOptions,
} from '../../AwsProvisioner';
import type { VectorStoreKind } from '../../blueprints/types';
import type { Timing } from '../../aws/Caller';
import type { AwsConfig } from '../../config';
import { EnvironmentFake } from './EnvironmentFake';
import { FakeAws } from '../fakeAws/FakeAws';
import type { Region } from '../fakeAws/Region';
import { issuesToken } from '../fakeAws/apis/cognito';
import { writeLog } from '../fakeAws/apis/logs';
import { Template } from '../fakeAws/cloudformation/Template';
import {
  type BundledBlueprints,
  FOR_TESTS,
  fromBundled,
  type TestedBlueprints,
} from './testedBlueprints';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-central-1';

export const TEXT_MODEL = 'anthropic.claude-test-v1:0';
export const EMBEDDING_MODEL = 'amazon.titan-embed-test-v1';

const SILENT_LOGGER: LoggerService = {
  error() {},
  warn() {},
  info() {},
  debug() {},
  child: () => SILENT_LOGGER,
};

/** A bootstrapped account of the fake, and provisioners that work on it. Test code. */
export class AwsWorld implements ProvisionerContractHarness {
  readonly spec: EnvironmentSpec = {
    provisioner: 'aws',
    tier: 'standard',
    region: REGION,
    models: [TEXT_MODEL],
    services: ['model-invocation', 'prompt-management'],
  };
  readonly changedSpec: EnvironmentSpec = {
    ...this.spec,
    models: [TEXT_MODEL, EMBEDDING_MODEL],
  };
  readonly config: AwsConfig = {
    targets: [
      {
        ...{ id: REGION, accountId: ACCOUNT, region: REGION },
        tiers: ['standard'],
        vectorStore: 's3-vectors',
        ownServices: false,
        settings: { logRetentionDays: '14' },
      },
    ],
    secretRotationGraceMs: 24 * 3_600_000,
  };
  readonly logger = SILENT_LOGGER;
  /** Whether pipelines of projects push images of their apps. */
  pushesImages = true;
  /** Name of the process of the provisioner that was made last. */
  process = '';
  /** What stands behind the endpoints of environments. */
  readonly environment = new EnvironmentFake({
    hasClient: clientId =>
      [...this.region.userPools.values()].some(({ clients }) =>
        clients.has(clientId),
      ),
  });
  private processes = 0;
  private readonly pushed = new Set<string>();

  private constructor(
    readonly aws: FakeAws,
    readonly tested: TestedBlueprints,
  ) {}

  static async create(
    options: {
      /** Default: small ones of the tests. */
      blueprints?: BundledBlueprints;
      vectorStore?: VectorStoreKind;
    } = {},
  ): Promise<AwsWorld> {
    const { blueprints, vectorStore = 's3-vectors' } = options;
    const world = new AwsWorld(
      await FakeAws.start(),
      blueprints ? fromBundled(blueprints) : FOR_TESTS,
    );
    world.config.targets[0].vectorStore = vectorStore;
    world.bootstrap();
    return world;
  }

  get region(): Region {
    return this.aws.region(ACCOUNT, REGION);
  }

  /**
   * Its waits let the virtual time pass. An outcome lets half a minute to a minute pass, and
   * asks the driver for next to nothing.
   */
  createProvisioner(
    overrides: Partial<AwsProvisionerOptions> = {},
  ): AwsProvisioner {
    const { clock } = this.aws;
    const provisioner = this.createRawProvisioner(
      {
        now: clock.now,
        sleep: async ms => clock.advance(ms),
        random: () => 0.5,
      },
      overrides,
    );
    const reconcile = provisioner.reconcile.bind(provisioner);
    provisioner.reconcile = async (desired, context) => {
      this.pushImages();
      const outcome = await reconcile(desired, context);
      const { requeueAfterMs } = outcome;
      if (requeueAfterMs > 0) {
        clock.advance(Math.min(60_000, Math.max(requeueAfterMs, 30_000)));
      }
      return {
        ...outcome,
        requeueAfterMs: Math.min(1, requeueAfterMs),
      };
    };
    return provisioner;
  }

  /** One whose outcomes let no time pass. */
  createRawProvisioner(
    timing: Timing,
    overrides: Partial<AwsProvisionerOptions> = {},
  ): AwsProvisioner {
    this.process = `p${this.processes++}`;
    return new AwsProvisioner({
      config: this.config,
      credentialsOf: accountId => async () => FakeAws.credentialsOf(accountId),
      loadBlueprints: () => this.tested.blueprints,
      logger: this.logger,
      overrides: {
        timing,
        clientOptions: this.aws.clientOptions(this.process),
        fetch: this.environment.answer,
      },
      ...overrides,
    });
  }

  async canAuthenticate(
    outputs: ReconcileOutcome['outputs'],
    credentials: IssuedCredentials,
  ): Promise<boolean> {
    const poolId = outputs.issuer!.split('/').at(-1)!;
    return issuesToken(this.region.userPools.get(poolId), credentials);
  }

  /** As a task of the environment is told; the credentials have to work. */
  async listOfferedModels(
    outputs: ReconcileOutcome['outputs'],
    credentials: IssuedCredentials,
  ): Promise<string[]> {
    if (!(await this.canAuthenticate(outputs, credentials))) return [];
    const name = new URL(outputs.tokenUrl!).hostname.split('.')[0];
    const stack = this.region
      .live()
      .find(item => item.name === `genai-${name}-services`)!;
    const { properties } = stack.resources.get('Task')!;
    const [{ Environment }] = properties.ContainerDefinitions;
    const models = Environment.find(
      (item: any) => item.Name === 'GENAI_MODELS',
    );
    return JSON.parse(models.Value).sort();
  }

  /** As the tasks do: the time is theirs. */
  async writeLogs(
    { name }: EnvironmentIdentity,
    service: ServiceName,
    messages: string[],
  ): Promise<void> {
    const at = this.aws.clock.now();
    const time = new Date(at).toISOString();
    for (const msg of messages) {
      const text = JSON.stringify({ time, level: 30, service, msg });
      writeLog(this.region, `/genai/${name}/${service}`, { at, text });
    }
  }

  async findRemains({ name, uid }: EnvironmentIdentity): Promise<string[]> {
    const prefix = `genai-${name}-`;
    return [
      ...this.region
        .live()
        .filter(stack => stack.name.startsWith(prefix))
        .map(stack => `stack ${stack.name}`),
      ...[...this.region.resources.values()]
        .filter(({ stackTags }) => stackTags['genai:environment-uid'] === uid)
        .map(({ type, physicalId }) => `${type} ${physicalId}`),
      ...[...this.region.secrets.values()]
        .filter(secret => secret.name.includes(uid))
        .map(secret => `secret ${secret.name}`),
    ];
  }

  async dispose(): Promise<void> {
    this.aws.stop();
  }

  /** What the platform team does once: foundation, blueprints, models. */
  private bootstrap() {
    const { region, tested } = this;
    this.aws.deploy(ACCOUNT, REGION, {
      name: 'genai-foundation',
      template: Template.parse(tested.foundation),
    });
    const { outputs } = region.live()[0];
    const output = (name: string) =>
      outputs.find(({ key }) => key === name)!.value;
    const templates = region.buckets.get(output('TemplateBucketName'))!;
    for (const [key, text] of tested.published) templates.set(key, text);
    const repository = output('RuntimeRepositoryUri').split('/')[1];
    region.images.get(repository)!.add(tested.blueprints.version);
    region.models = [
      model(TEXT_MODEL, 'TEXT'),
      model(EMBEDDING_MODEL, 'EMBEDDING'),
    ];
  }

  /** As the pipelines of the projects do. */
  private pushImages() {
    if (!this.pushesImages) return;
    for (const [name, tags] of this.region.images) {
      if (!name.includes('-core-') || this.pushed.has(name)) continue;
      this.pushed.add(name);
      tags.add('latest');
    }
  }
}

function model(modelId: string, kind: 'TEXT' | 'EMBEDDING') {
  return {
    modelId,
    modelArn: `arn:aws:bedrock:${REGION}::foundation-model/${modelId}`,
    modelName: modelId,
    providerName: 'Test',
    inputModalities: ['TEXT'],
    outputModalities: [kind],
    inferenceTypesSupported: ['ON_DEMAND'],
    modelLifecycle: { status: 'ACTIVE' },
  };
}
