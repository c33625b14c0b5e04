import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  ListStacksCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import {
  CognitoIdentityProviderClient,
  ListUserPoolsCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeRepositoriesCommand,
  ECRClient,
  PutImageCommand,
} from '@aws-sdk/client-ecr';
import {
  ECSClient,
  ListClustersCommand,
  ListServicesCommand,
} from '@aws-sdk/client-ecs';
import {
  CreateBucketCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  GetSecretValueCommand,
  ListSecretsCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import {
  type Blueprints,
  FOUNDATION_STACK_NAME,
  loadBlueprints,
  type StackBlueprint,
} from '@genai-environments/aws-blueprints';
import { findNeedless, withoutDropped } from './dropped';

const FOUNDATION_TIMEOUT_S = 120;

/** The account that ministack emulates, as the platform team sees it. */
export class Account {
  private readonly cloudFormation = new CloudFormationClient({});
  private readonly secrets = new SecretsManagerClient({});
  private readonly cognito = new CognitoIdentityProviderClient({});
  private readonly tables = new DynamoDBClient({});
  private readonly queues = new SQSClient({});
  private readonly repositories = new ECRClient({});
  private readonly ecs = new ECSClient({});
  private readonly s3 = new S3Client({});
  private readonly blueprints: Blueprints = loadBlueprints();
  private readonly dropped = new Set<string>();

  /**
   * Creates the foundation, publishes all blueprints, without what is dropped, and pushes
   * the name of an image: ministack runs none.
   */
  async bootstrap(): Promise<void> {
    const { foundation, environments } = this.blueprints.manifest;
    await this.cloudFormation.send(
      new CreateStackCommand({
        StackName: FOUNDATION_STACK_NAME,
        TemplateBody: this.read(foundation),
        Capabilities: foundation.capabilities,
      }),
    );
    await waitUntilStackCreateComplete(
      {
        client: this.cloudFormation,
        maxWaitTime: FOUNDATION_TIMEOUT_S,
        ...{ minDelay: 1, maxDelay: 1 },
      },
      { StackName: FOUNDATION_STACK_NAME },
    );
    const { TemplateBucketName, RuntimeRepositoryUri } = await this.outputsOf(
      FOUNDATION_STACK_NAME,
    );
    const { version } = this.blueprints.manifest;
    await this.repositories.send(
      new PutImageCommand({
        repositoryName: RuntimeRepositoryUri.split('/').slice(1).join('/'),
        imageTag: version,
        imageManifest: JSON.stringify({ schemaVersion: 2, layers: [] }),
      }),
    );
    await this.s3.send(new CreateBucketCommand({ Bucket: version }));
    for (const { core, services, vectorStore } of environments) {
      if (vectorStore !== 's3-vectors') continue;
      await this.publish(TemplateBucketName, core);
      await this.publish(TemplateBucketName, services);
    }
  }

  /** Entries of the lists of what is dropped that no template has. */
  findNeedlessDrops(): string[] {
    return findNeedless(this.dropped);
  }

  async outputsOf(stackName: string): Promise<Record<string, string>> {
    const { Stacks = [] } = await this.cloudFormation.send(
      new DescribeStacksCommand({ StackName: stackName }),
    );
    return Object.fromEntries(
      (Stacks[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [
        OutputKey,
        OutputValue,
      ]),
    );
  }

  async readSecret(id: string): Promise<string> {
    const { SecretString } = await this.secrets.send(
      new GetSecretValueCommand({ SecretId: id }),
    );
    return SecretString!;
  }

  /** What there is, of all kinds that hold data, secrets or cost; sorted. */
  async inventory(): Promise<string[]> {
    const [stacks, pools, secrets, buckets, tables, queues, repositories] =
      await Promise.all([
        this.cloudFormation.send(new ListStacksCommand({})),
        this.cognito.send(new ListUserPoolsCommand({ MaxResults: 60 })),
        this.secrets.send(
          new ListSecretsCommand({ IncludePlannedDeletion: true }),
        ),
        this.s3.send(new ListBucketsCommand({})),
        this.tables.send(new ListTablesCommand({})),
        this.queues.send(new ListQueuesCommand({})),
        this.repositories.send(new DescribeRepositoriesCommand({})),
      ]);
    const live = stacks.StackSummaries?.filter(
      ({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE',
    );
    return [
      ...named('stack', live, stack => stack.StackName),
      ...named('user pool', pools.UserPools, pool => pool.Name),
      ...named('secret', secrets.SecretList, secret => secret.Name),
      ...named('bucket', buckets.Buckets, bucket => bucket.Name),
      ...named('table', tables.TableNames, name => name),
      ...named('queue', queues.QueueUrls, url => url),
      ...named('repository', repositories.repositories, repository => {
        return repository.repositoryName;
      }),
      ...(await this.listServices()),
    ].sort();
  }

  private async listServices(): Promise<string[]> {
    const { clusterArns = [] } = await this.ecs.send(
      new ListClustersCommand({}),
    );
    const services = await Promise.all(
      clusterArns.map(async cluster => {
        const page = await this.ecs.send(
          new ListServicesCommand({ cluster, maxResults: 100 }),
        );
        return page.serviceArns ?? [];
      }),
    );
    return [
      ...named('cluster', clusterArns, arn => arn),
      ...named('service', services.flat(), arn => arn),
    ];
  }

  private read(stack: StackBlueprint): string {
    const { text, dropped } = withoutDropped(
      this.blueprints.readTemplate(stack),
    );
    for (const name of dropped) this.dropped.add(name);
    return text;
  }

  /**
   * Where the provisioner looks: by the digest of the template as it was written. ministack
   * takes the first part of a template's path for its bucket, also where the host names it.
   */
  private async publish(bucket: string, stack: StackBlueprint): Promise<void> {
    const { version } = this.blueprints.manifest;
    const key = `${stack.sha256}/${stack.template}`;
    const Body = this.read(stack);
    for (const place of [
      { Bucket: bucket, Key: `${version}/${key}` },
      { Bucket: version, Key: key },
    ]) {
      await this.s3.send(new PutObjectCommand({ ...place, Body }));
    }
  }
}

function named<T>(
  kind: string,
  items: T[] | undefined,
  nameOf: (item: T) => string | undefined,
): string[] {
  return (items ?? []).map(item => `${kind} ${nameOf(item)}`);
}
