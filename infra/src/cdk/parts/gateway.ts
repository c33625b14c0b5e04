import { createHash } from 'node:crypto';
import { Aws, type CfnCondition, Fn } from 'aws-cdk-lib';
import {
  CfnBasePathMapping,
  CfnDeployment,
  CfnDomainName,
  CfnRestApi,
  CfnStage,
} from 'aws-cdk-lib/aws-apigateway';
import type { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnRecordSet } from 'aws-cdk-lib/aws-route53';
import { CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import {
  type ApiOptions,
  createApiBody,
  createHibernatedApiBody,
  STAGE,
} from '../api/createApiBody';
import type { BlueprintStack } from '../BlueprintStack';
import { accountlessArn } from './arn';
import { acknowledge } from './iam';

const REQUESTS_PER_SECOND = 200;
const BURST = 400;

/** What is noted of each request: who and how long, never what was asked or answered. */
const ACCESS_LOG = JSON.stringify({
  requestId: '$context.requestId',
  time: '$context.requestTimeEpoch',
  method: '$context.httpMethod',
  route: '$context.resourcePath',
  status: '$context.status',
  application: '$context.authorizer.claims.client_id',
  ip: '$context.identity.sourceIp',
  milliseconds: '$context.responseLatency',
  integrationMilliseconds: '$context.integration.latency',
  error: '$context.error.messageString',
  errorType: '$context.error.responseType',
  integrationError: '$context.integration.error',
});

export type GatewayOptions = {
  environmentName: string;
  api: Omit<ApiOptions, 'title' | 'policy'>;
  logGroup: CfnLogGroup;
  webAclArn: string;
  /** That the environment is not hibernated. */
  isRunning: CfnCondition;
};

/** The environment's address. It stays the same while the environment is hibernated. */
export function createGateway(
  stack: BlueprintStack,
  options: GatewayOptions,
): { endpoint: string; apiId: string } {
  const { environmentName, isRunning } = options;
  const cidrs = stack.setting('AppAllowedCidrs', {
    key: 'appAllowedCidrs',
    type: 'CommaDelimitedList',
    description:
      'Addresses that may open the app below /app, which asks for no token; by default none',
    default: '127.0.0.1/32',
  });
  const head = {
    title: `GenAI environment ${environmentName}`,
    policy: resourcePolicy(cidrs.valueAsList),
  };
  const running = createApiBody({ ...options.api, ...head });
  const hibernated = createHibernatedApiBody(head);
  const api = new CfnRestApi(stack, 'Api', {
    name: stack.stackName,
    endpointConfiguration: { types: ['REGIONAL'] },
    body: Fn.conditionIf(isRunning.logicalId, running, hibernated),
  });
  acknowledge(api, {
    'AwsSolutions-APIG2':
      'Services check each request by the schemas that their OpenAPI document is made of, and say what is wrong; the gateway could not.',
  });
  const stage = createStage(stack, {
    ...options,
    apiId: api.ref,
    deploymentId: createDeployments(stack, {
      ...{ api, isRunning, running, hibernated },
    }),
  });
  const association = new CfnWebACLAssociation(stack, 'WebAclAssociation', {
    webAclArn: options.webAclArn,
    resourceArn: accountlessArn(
      'apigateway',
      `/restapis/${api.ref}/stages/${STAGE}`,
    ),
  });
  association.addResourceDependency(stage);
  const domain = createDomain(stack, {
    ...{ environmentName, stage },
    apiId: api.ref,
  });
  return {
    apiId: api.ref,
    endpoint: Fn.conditionIf(
      domain.condition.logicalId,
      `https://${domain.name}`,
      `https://${api.ref}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}/${STAGE}`,
    ).toString(),
  };
}

/** Everybody may call, as far as authorizers and services let them; the app is for some addresses. */
function resourcePolicy(cidrs: string[]): object {
  const everything = {
    Principal: '*',
    Action: 'execute-api:Invoke',
  };
  return {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', ...everything, Resource: 'execute-api:/*' },
      {
        Effect: 'Deny',
        ...everything,
        Resource: ['execute-api:/*/*/app', 'execute-api:/*/*/app/*'],
        Condition: { NotIpAddress: { 'aws:SourceIp': cidrs } },
      },
    ],
  };
}

/**
 * Of the API as it is now. What parameters change in it is in no digest: the provisioner
 * names the other revision then.
 *
 * @returns the id of that which is served
 */
function createDeployments(
  stack: BlueprintStack,
  options: {
    api: CfnRestApi;
    isRunning: CfnCondition;
    running: object;
    hibernated: object;
  },
): string {
  const { api, isRunning, running, hibernated } = options;
  const revision = stack.parameter('ApiRevision', {
    description:
      'The other one deploys the API again, which a change of appAllowedCidrs asks for',
    default: 'a',
    allowedValues: ['a', 'b'],
    source: { from: 'provisioner', what: 'apiRevision' },
  });
  const [first, second] = ['a', 'b'].map(name => {
    const condition = stack.condition(
      `IsRunningRevision${name.toUpperCase()}`,
      () =>
        Fn.conditionAnd(
          isRunning,
          Fn.conditionEquals(revision.valueAsString, name),
        ),
    );
    const deployment = createDeployment(stack, api, {
      ...running,
      revision: name,
    });
    deployment.cfnOptions.condition = condition;
    return { condition, deployment };
  });
  const resting = createDeployment(stack, api, hibernated);
  resting.cfnOptions.condition = stack.condition('IsHibernated', () =>
    Fn.conditionNot(isRunning),
  );
  return Fn.conditionIf(
    first.condition.logicalId,
    first.deployment.ref,
    Fn.conditionIf(
      second.condition.logicalId,
      second.deployment.ref,
      resting.ref,
    ),
  ).toString();
}

/** A deployment holds what the API was when it was made: another body needs another one. */
function createDeployment(
  stack: BlueprintStack,
  api: CfnRestApi,
  content: object,
): CfnDeployment {
  const digest = createHash('sha256')
    .update(JSON.stringify(stack.resolve(content)))
    .digest('hex')
    .slice(0, 10);
  return new CfnDeployment(stack, `Deployment${digest}`, {
    restApiId: api.ref,
  });
}

function createStage(
  stack: BlueprintStack,
  options: { apiId: string; deploymentId: string; logGroup: CfnLogGroup },
): CfnStage {
  const created = new CfnStage(stack, 'Stage', {
    restApiId: options.apiId,
    deploymentId: options.deploymentId,
    stageName: STAGE,
    accessLogSetting: {
      destinationArn: options.logGroup.attrArn,
      format: ACCESS_LOG,
    },
    methodSettings: [
      {
        httpMethod: '*',
        resourcePath: '/*',
        metricsEnabled: true,
        loggingLevel: 'OFF',
        dataTraceEnabled: false,
        throttlingRateLimit: REQUESTS_PER_SECOND,
        throttlingBurstLimit: BURST,
      },
    ],
  });
  acknowledge(created, {
    'AwsSolutions-APIG6':
      'Execution logs go to a group that API Gateway makes itself, which has no tag, no key and no retention and outlives the environment; the access log says what went wrong.',
  });
  return created;
}

/**
 * A name below that of the platform team instead of the gateway's, where they set one up: it
 * is for all environments of the account and region, and a name of API Gateway is for one.
 */
function createDomain(
  stack: BlueprintStack,
  options: { environmentName: string; apiId: string; stage: CfnStage },
): { condition: CfnCondition; name: string } {
  const base = stack.setting('BaseDomainName', {
    key: 'baseDomainName',
    description:
      'Name that APIs have theirs below, instead of that of API Gateway: genai.example.com for my-project.genai.example.com',
    default: '',
    allowedPattern: '^([a-z0-9-]+\\.)*[a-z0-9-]*$',
    // Beside the longest name of an environment.
    maxLength: 220,
  });
  const certificate = stack.setting('CertificateArn', {
    key: 'certificateArn',
    description: 'Certificate of all names below it, of this region',
    default: '',
  });
  const zone = stack.setting('HostedZoneId', {
    key: 'hostedZoneId',
    description: 'Zone of Route 53 that names are written to; empty: nowhere',
    default: '',
  });
  const condition = stack.isGiven(base);
  const name = Fn.join('.', [options.environmentName, base.valueAsString]);
  const domain = new CfnDomainName(stack, 'Domain', {
    domainName: name,
    regionalCertificateArn: certificate.valueAsString,
    endpointConfiguration: { types: ['REGIONAL'] },
    securityPolicy: 'TLS_1_2',
  });
  const mapping = new CfnBasePathMapping(stack, 'DomainMapping', {
    domainName: domain.ref,
    restApiId: options.apiId,
    stage: STAGE,
  });
  mapping.addResourceDependency(options.stage);
  const record = new CfnRecordSet(stack, 'DomainRecord', {
    hostedZoneId: zone.valueAsString,
    name,
    type: 'A',
    aliasTarget: {
      dnsName: domain.attrRegionalDomainName,
      hostedZoneId: domain.attrRegionalHostedZoneId,
    },
  });
  for (const each of [domain, mapping]) each.cfnOptions.condition = condition;
  record.cfnOptions.condition = stack.condition('HasDomainRecord', () =>
    Fn.conditionAnd(condition, stack.isGiven(zone)),
  );
  stack.output('DomainTarget', {
    value: domain.attrRegionalDomainName,
    description: 'What its own name stands for, where its zone is not given',
    condition,
  });
  return { condition, name };
}
