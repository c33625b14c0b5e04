import {
  awsEmulator,
  createTestBucket,
  createTestQueues,
  createTestTable,
} from '@genai-environments/service-kit/aws-testing';
/* What tests of other services use is no part of their packages. */
/* eslint-disable @backstage/no-relative-monorepo-imports */
import {
  createTestPool,
  type TestPool,
} from '../../../administration/src/adapters/aws/testing/createTestPool';
import { FakeBedrock } from '../../../model-invocation/src/adapters/aws/bedrock/testing/FakeBedrock';
import { startTestVectorBucket } from '../../../vectorization/src/adapters/aws/testing/startTestVectorBucket';
/* eslint-enable @backstage/no-relative-monorepo-imports */
import { HOSTED_WORKERS, type HostedWorker } from '../config';
import { SpawnedRuntime, type SpawnOptions } from './spawnRuntime';
import { TokenEndpoint } from './TokenEndpoint';

const SCOPES = ['genaifoundations/read'];

/** The resources of an environment, in the emulator of `npm run test:aws`. */
export class AwsEnvironment {
  private constructor(
    readonly bedrock: FakeBedrock,
    readonly pool: TestPool,
    private readonly tokens: TokenEndpoint,
    private readonly resources: Resources,
  ) {}

  static async create(): Promise<AwsEnvironment> {
    const bedrock = await FakeBedrock.start();
    bedrock.credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const pool = await createTestPool();
    const { region } = awsEmulator();
    const tokens = await TokenEndpoint.start({
      clients: pool,
      issuer: `https://cognito-idp.${region}.amazonaws.com/${pool.userPoolId}`,
    });
    return new AwsEnvironment(bedrock, pool, tokens, await createResources());
  }

  /** The bundle in a process of its own, as a task runs it; listens when it resolves. */
  async spawn(options: SpawnOptions = {}): Promise<SpawnedRuntime> {
    const runtime = await SpawnedRuntime.spawn({
      ...options,
      env: { ...this.variables(), ...options.env },
    });
    return runtime.listening();
  }

  /** An application of the pool, and a token for it. */
  async createApplication(name = 'shop') {
    const application = await this.pool.create({ name, scopes: SCOPES });
    return { ...application, token: await this.token(application) };
  }

  async token(application: { clientId: string; secret: string }) {
    const { clientId, secret } = application;
    const basic = Buffer.from(`${clientId}:${secret}`).toString('base64');
    const answer = await fetch(this.tokens.tokenUrl, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    if (!answer.ok) throw new Error(await answer.text());
    const body = (await answer.json()) as { access_token: string };
    return body.access_token;
  }

  countVectors(): Promise<number> {
    return this.resources.vectors.countVectors();
  }

  deleteQueue(name: HostedWorker): Promise<void> {
    return this.resources.queues.delete(name);
  }

  async tearDown(): Promise<void> {
    const { table, bucket, queues, vectors } = this.resources;
    await this.tokens.stop();
    await this.bedrock.stop();
    await vectors.tearDown();
    await queues.tearDown();
    await bucket.tearDown();
    await table.tearDown();
    await this.pool.tearDown();
  }

  private variables(): Record<string, string> {
    const { table, bucket, queues, vectors } = this.resources;
    const { endpoint, region } = awsEmulator();
    return {
      GENAI_PLATFORM: 'aws',
      GENAI_PUBLIC_URL: 'https://environment.example',
      AWS_REGION: region,
      AWS_ENDPOINT_URL: endpoint,
      AWS_ENDPOINT_URL_S3VECTORS: vectors.endpoint,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      GENAI_TABLE: table.name,
      GENAI_BUCKET: bucket.name,
      GENAI_VECTOR_BUCKET: vectors.bucket,
      GENAI_COGNITO_USER_POOL_ID: this.pool.userPoolId,
      GENAI_COGNITO_TOKEN_URL: this.tokens.tokenUrl,
      GENAI_COGNITO_JWKS_URL: this.tokens.jwksUrl,
      ...Object.fromEntries(
        HOSTED_WORKERS.flatMap(name => {
          const { url, deadLetterUrl } = queues.queues[name];
          const suffix = name.toUpperCase();
          return [
            [`GENAI_QUEUE_${suffix}`, url],
            [`GENAI_DEAD_LETTER_QUEUE_${suffix}`, deadLetterUrl],
          ];
        }),
      ),
      GENAI_MODELS: '["nova","local.extractive","local.embedding"]',
      GENAI_MODEL_ALIASES: '{"fast":["nova"]}',
      GENAI_BEDROCK: JSON.stringify({
        region,
        endpoint: this.bedrock.endpoint,
        models: [
          { id: 'nova', kind: 'text', modelId: 'amazon.nova-lite-v1:0' },
        ],
      }),
    };
  }
}

type Resources = Awaited<ReturnType<typeof createResources>>;

async function createResources() {
  return {
    table: await createTestTable(),
    bucket: await createTestBucket(),
    queues: await createTestQueues(HOSTED_WORKERS),
    vectors: await startTestVectorBucket(),
  };
}
