import { Fn } from 'aws-cdk-lib';
import type { CfnCollection } from 'aws-cdk-lib/aws-opensearchserverless';
import type { Construct } from 'constructs';
import type { BlueprintTier, VectorStore } from '../../manifest/manifest';
import { BlueprintStack } from '../BlueprintStack';
import { createAppRepository } from '../parts/appRepository';
import { createAuth, type Auth } from '../parts/auth';
import {
  arnsOf,
  createObjects,
  createQueues,
  createTable,
  QUEUES,
} from '../parts/data';
import { createGateway } from '../parts/gateway';
import { createGround, type Ground } from '../parts/ground';
import { createKey } from '../parts/key';
import { createLogGroups } from '../parts/logs';
import { createModels } from '../parts/models';
import { createSecrets } from '../parts/secrets';
import { createTaskRoles } from '../parts/taskRoles';
import {
  createCollection,
  createVectorBucket,
  openCollection,
} from '../parts/vectors';
import type { TaskResources } from '../policies/taskStatements';
import { TASKS } from '../tasks';

/**
 * What an environment keeps: its data, its key, its applications, its models and its address.
 * Services come and go without it.
 */
export class EnvironmentCore extends BlueprintStack {
  private readonly name: string;
  private readonly uid: string;
  private collection?: CfnCollection;

  constructor(
    scope: Construct,
    options: { tier: BlueprintTier; vectorStore: VectorStore },
  ) {
    const { tier, vectorStore } = options;
    super(scope, `${tier}-${vectorStore}-core`, {
      description: `GenAI environment, tier ${tier}, vectors in ${vectorStore}: data, applications and address`,
    });
    this.name = this.parameter('EnvironmentName', {
      description: 'Name of the environment',
      allowedPattern: '^[a-z]([a-z0-9-]{1,30}[a-z0-9])?$',
      source: { from: 'environment', field: 'name' },
    }).valueAsString;
    this.uid = this.parameter('EnvironmentUid', {
      description:
        'Id of the environment; another one of the same name has another id',
      allowedPattern: '^[A-Za-z0-9-]{1,50}$',
      source: { from: 'environment', field: 'uid' },
    }).valueAsString;
    const keyArn = this.createKey();
    const data = this.createData({ keyArn, vectorStore });
    const { auth, secretArns } = this.createApplications(keyArn);
    this.createRoles({
      tier,
      secretArns,
      resources: { ...data, userPoolArn: auth.userPoolArn },
    });
    const ground = createGround(this, { tier });
    this.createModels();
    this.createRepository(keyArn);
    this.createAddress({ tier, keyArn, auth, ground });
  }

  private createKey(): string {
    const key = createKey(this, { environmentName: this.name });
    this.output('KeyArn', {
      value: key.attrArn,
      description: 'Key that everything is encrypted with',
    });
    return key.attrArn;
  }

  private createData(options: {
    keyArn: string;
    vectorStore: VectorStore;
  }): Omit<TaskResources, 'userPoolArn'> {
    const { keyArn, vectorStore } = options;
    const accessLogBucket = this.copied('AccessLogBucketName', {
      stack: 'foundation',
      description: 'Bucket that access logs go to',
    }).valueAsString;
    const table = createTable(this, { keyArn });
    const bucket = createObjects(this, { keyArn, accessLogBucket });
    const queues = createQueues(this);
    const outputs: Array<[string, string, string]> = [
      ['TableName', table.ref, 'Records of all services'],
      ['BucketName', bucket.ref, 'Uploads and artefacts'],
    ];
    for (const name of QUEUES) {
      const { queue, dead } = queues[name];
      outputs.push(
        [`Queue${name}Url`, queue.ref, `Work of ${name.toLowerCase()}`],
        [`Queue${name}Arn`, queue.attrArn, 'Its ARN'],
        [`DeadLetterQueue${name}Url`, dead.ref, 'What was given up'],
        [`DeadLetterQueue${name}Arn`, dead.attrArn, 'Its ARN'],
      );
    }
    for (const [name, value, description] of outputs) {
      this.output(name, { value, description });
    }
    this.emptyBeforeDelete.push({
      type: 'AWS::S3::Bucket',
      output: 'BucketName',
    });
    return {
      keyArn,
      tableArn: table.attrArn,
      bucketArn: bucket.attrArn,
      queues: arnsOf(queues),
      ...this.createVectors({ keyArn, vectorStore }),
    };
  }

  private createVectors(options: {
    keyArn: string;
    vectorStore: VectorStore;
  }): Pick<TaskResources, 'vectorBucketArn' | 'collectionArn'> {
    const { keyArn, vectorStore } = options;
    if (vectorStore === 'opensearch-serverless') {
      this.collection = createCollection(this, { keyArn });
      return { collectionArn: this.collection.attrArn };
    }
    const bucket = createVectorBucket(this, { keyArn });
    this.emptyBeforeDelete.push({
      type: 'AWS::S3Vectors::VectorBucket',
      output: 'VectorBucketName',
    });
    return { vectorBucketArn: bucket.attrVectorBucketArn };
  }

  private createRoles(options: {
    tier: BlueprintTier;
    resources: TaskResources;
    secretArns: string[];
  }): void {
    const vectorRoleArns = createTaskRoles(this, {
      ...options,
      environmentName: this.name,
    });
    if (this.collection) {
      openCollection(this, {
        collection: this.collection,
        roleArns: vectorRoleArns,
      });
    }
  }

  private createApplications(keyArn: string): {
    auth: Auth;
    secretArns: string[];
  } {
    const auth = createAuth(this, { environmentName: this.name });
    const secrets = createSecrets(this, {
      environmentName: this.name,
      environmentUid: this.uid,
      keyArn,
    });
    const outputs: Array<[string, string, string]> = [
      ['UserPoolId', auth.userPoolId, 'Applications'],
      ['TokenUrl', auth.tokenUrl, 'Where applications get tokens'],
      ['IssuerUrl', auth.issuer, 'Who issues them'],
      ['AppSecretArn', secrets.appSecretArn, 'Client of the app'],
      ['ControlSecretArn', secrets.controlSecretArn, 'Key of the portal'],
    ];
    for (const [name, value, description] of outputs) {
      this.output(name, { value, description });
    }
    return {
      auth,
      secretArns: [secrets.appSecretArn, secrets.controlSecretArn],
    };
  }

  private createModels(): void {
    createModels(this, {
      environmentName: this.name,
      environmentUid: this.uid,
    });
  }

  private createRepository(keyArn: string): void {
    const repository = createAppRepository(this, { keyArn });
    this.output('AppRepositoryUri', {
      value: repository.attrRepositoryUri,
      description: 'Where images of the app, and of own services, are pushed',
    });
    this.output('AppRepositoryName', {
      value: repository.ref,
      description: 'Its name',
    });
    this.output('AppRepositoryArn', {
      value: repository.attrArn,
      description: 'Its ARN',
    });
    this.emptyBeforeDelete.push({
      type: 'AWS::ECR::Repository',
      output: 'AppRepositoryName',
    });
  }

  private createAddress(options: {
    tier: BlueprintTier;
    keyArn: string;
    auth: Auth;
    ground: Ground;
  }): void {
    const { tier, keyArn, auth, ground } = options;
    const logGroups = createLogGroups(this, {
      environmentName: this.name,
      keyArn,
      names: ['api', ...TASKS[tier].map(({ name }) => name)],
    });
    const gateway = createGateway(this, {
      environmentName: this.name,
      isRunning: ground.isRunning,
      logGroup: logGroups.api,
      webAclArn: ground.webAclArn,
      api: {
        userPoolArn: auth.userPoolArn,
        tokenUrl: auth.tokenUrl,
        jwksUrl: auth.jwksUrl,
        loadBalancer: ground.loadBalancer,
        targetOf: service =>
          tier === 'sandbox'
            ? Fn.join('.', [this.name, service === 'app' ? 'app' : 'runtime'])
            : service,
      },
    });
    this.output('ApiEndpoint', {
      value: gateway.endpoint,
      description: 'Address of the API',
    });
    this.output('ApiName', {
      value: this.stackName,
      description: 'Its metrics',
    });
  }
}
