import type { Server } from 'node:http';
import { AwsError } from './AwsError';
import { cloudFormation, type Operation } from './cloudformation/api';
import { newStack } from './cloudformation/newStack';
import type { Stack } from './cloudformation/Stack';
import type { Template } from './cloudformation/Template';
import type { ResourceFailure } from './cloudformation/ResourceKeeper';
import { StackEngine } from './cloudformation/StackEngine';
import { type ApiCall, Faults } from './Faults';
import { type Incoming, serve } from './http/serve';
import { Region } from './Region';
import { cognito } from './apis/cognito';
import { ecs } from './apis/ecs';
import { logs } from './apis/logs';
import { answerRest, nameRestOperation } from './apis/rest';
import { secretsManager } from './apis/secrets';
import { ecr, kms, tagging } from './apis/small';
import { VirtualClock } from './VirtualClock';

/**
 * The part of AWS that the provisioner talks to, over HTTP on the loopback interface and
 * with a clock of its own. TEST CODE: it stands in for AWS in tests and benchmarks, and
 * for nothing else. What it refuses, it refuses by the resource schemas that AWS publishes.
 */
export class FakeAws {
  readonly faults = new Faults();
  /** Every call that arrived, oldest first. */
  readonly calls: ApiCall[] = [];
  /** Access keys that are no longer accepted. */
  readonly expiredKeys = new Set<string>();
  /** Roles that can be taken on: the external id that their trust policies ask for, by ARN. */
  readonly roles = new Map<string, string>();
  private readonly regions = new Map<string, Region>();
  private readonly engine: StackEngine;
  private readonly services: Record<string, Record<string, Operation>>;

  private constructor(
    readonly clock: VirtualClock,
    private readonly server: { close(): void; port: number },
  ) {
    this.engine = new StackEngine(clock);
    this.services = {
      cloudformation: cloudFormation(this.engine, clock),
      'cognito-idp': cognito(clock),
      secretsmanager: secretsManager(clock),
      ecs,
      logs,
      ecr,
      kms,
      tagging,
      monitoring: {
        DescribeAlarms: (region, { AlarmNamePrefix = '' }) => ({
          CompositeAlarms: [...region.alarms]
            .filter(name => name.startsWith(AlarmNamePrefix))
            .map(AlarmName => ({ AlarmName, StateValue: 'ALARM' })),
        }),
      },
      sts: {
        GetCallerIdentity: ({ accountId }) => ({
          Account: accountId,
          UserId: 'fake',
          Arn: `arn:aws:sts::${accountId}:assumed-role/portal/fake`,
        }),
        AssumeRole: ({ accountId }, { RoleArn, ExternalId }) =>
          this.assumeRole(accountId, RoleArn, ExternalId),
      },
    };
  }

  static async start(clock = new VirtualClock()): Promise<FakeAws> {
    const holder: { fake?: FakeAws } = {};
    const { server, port } = await serve(incoming =>
      holder.fake!.answer(incoming),
    );
    const close = () => closeServer(server);
    holder.fake = new FakeAws(clock, { close, port });
    return holder.fake;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.server.port}`;
  }

  stop(): void {
    this.server.close();
  }

  region(accountId: string, name: string): Region {
    const key = `${accountId}/${name}`;
    const region = this.regions.get(key) ?? new Region(accountId, name);
    this.regions.set(key, region);
    return region;
  }

  /** A finished stack, as if it had been there for long. */
  deploy(
    accountId: string,
    regionName: string,
    stack: {
      name: string;
      template: Template;
      tags?: Record<string, string>;
    },
  ): Stack {
    const region = this.region(accountId, regionName);
    const { name, template, tags = {} } = stack;
    const made = newStack(region, name, this.clock);
    made.content = {
      template,
      templateText: '',
      parameters: template.completeParameters({}, {}),
      tags,
    };
    region.stacks.push(made);
    this.engine.create(region, made);
    this.clock.advance(600_000);
    return made;
  }

  /** The next `times` such resources fail. */
  failResource(failure: Omit<ResourceFailure, 'left'>, times = 1): void {
    this.engine.failures.push({ ...failure, left: times });
  }

  /** What SDK clients need to talk to this instead of AWS, as `process`. */
  clientOptions(process: string) {
    return {
      endpoint: this.endpoint,
      forcePathStyle: true,
      customUserAgent: [['process', process]] as [string, string][],
    };
  }

  /** Credentials of somebody in that account. */
  static credentialsOf(accountId: string) {
    return { accessKeyId: `AKIA${accountId}`, secretAccessKey: 'fake' };
  }

  private answer(incoming: Incoming): object | undefined {
    const { service, region: regionName, accessKeyId, process } = incoming;
    const region = this.region(accessKeyId.slice(-12), regionName);
    const operation = incoming.operation || nameRestOperation(incoming);
    const call: ApiCall = {
      ...{ service, operation, process, input: incoming.input },
      accountId: region.accountId,
      region: regionName,
      at: this.clock.now(),
    };
    this.calls.push(call);
    const fault = this.faults.before(call);
    if (this.expiredKeys.has(accessKeyId)) {
      throw new AwsError(
        'ExpiredTokenException',
        'The security token included in the request is expired',
        403,
      );
    }
    const output = this.carryOut(region, operation, incoming);
    this.faults.after(call, fault);
    return output;
  }

  private assumeRole(caller: string, role: string, externalId?: string) {
    if (this.roles.get(role) !== externalId || !this.roles.has(role)) {
      throw new AwsError(
        'AccessDenied',
        `User: arn:aws:sts::${caller}:assumed-role/portal/fake is not authorized to perform: sts:AssumeRole on resource: ${role}`,
        403,
      );
    }
    const Expiration = new Date(Date.now() + 3_600_000);
    const [, , , , accountId] = role.split(':');
    const { accessKeyId, secretAccessKey } = FakeAws.credentialsOf(accountId);
    return {
      Credentials: {
        ...{ AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey },
        ...{ SessionToken: 'fake', Expiration },
      },
    };
  }

  private carryOut(region: Region, operation: string, incoming: Incoming) {
    const { service, input } = incoming;
    const operations = this.services[service];
    if (!operations) return answerRest(region, operation, incoming);
    const carryOut = operations[operation];
    if (!carryOut) {
      throw new AwsError(
        'UnknownOperation',
        `The fake has no ${service}:${operation}`,
      );
    }
    return carryOut(region, input);
  }
}

function closeServer(server: Server) {
  server.close();
  server.closeAllConnections();
}
