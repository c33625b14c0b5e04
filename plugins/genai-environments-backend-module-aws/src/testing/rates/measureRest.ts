import {
  newApplication,
  newEnvironment,
} from '@genai-environments/backstage-plugin-genai-environments-node/testUtils';
import type { DesiredEnvironment } from '@genai-environments/backstage-plugin-genai-environments-node';
import { formatClientName } from '../../applications/clientName';
import { stackName } from '../../names';
import { Template } from '../fakeAws/cloudformation/Template';
import { ACCOUNT, AwsWorld, REGION } from '../world/AwsWorld';
import { perMinute } from './calls';

export type RestReport = {
  environments: number;
  minutes: number;
  /** When the portal has just started and knows nothing. */
  callsInFirstMinute: number;
  /** The busiest minute after that. */
  mostCallsAMinute: number;
  meanCallsAMinute: number;
  reconciles: number;
};

const CORE = new Template({
  Resources: { Pool: { Type: 'AWS::Cognito::UserPool', Properties: {} } },
  Outputs: {
    ApiEndpoint: { Value: 'https://api.example.com/env' },
    TokenUrl: { Value: 'https://auth.example.com/oauth2/token' },
    IssuerUrl: { Value: 'https://issuer.example.com' },
    UserPoolId: { Value: { Ref: 'Pool' } },
    ControlSecretArn: { Value: 'none' },
  },
});
const SERVICES = new Template({
  Resources: {
    Service: {
      Type: 'AWS::ECS::Service',
      Properties: { Cluster: 'shared', TaskDefinition: 'any' },
    },
  },
  Outputs: {
    ClusterName: { Value: 'shared' },
    ModelInvocationServiceName: {
      Value: { 'Fn::GetAtt': ['Service', 'Name'] },
    },
  },
});

/** Environments at rest, looked at for some virtual minutes. Test code. */
export async function measureRest(options: {
  environments: number;
  minutes: number;
}): Promise<RestReport> {
  const world = await AwsWorld.create();
  const { clock, calls } = world.aws;
  const provisioner = world.createRawProvisioner({
    now: clock.now,
    sleep: async ms => clock.advance(ms),
    random: () => 0.5,
  });
  const fleet = Array.from({ length: options.environments }, () => ({
    desired: settle(world),
    dueAt: clock.now(),
  }));
  calls.splice(0);
  const startedAt = clock.now();
  let reconciles = 0;
  for (let second = 0; second < options.minutes * 60; second++) {
    for (const environment of fleet) {
      if (environment.dueAt > clock.now()) continue;
      const outcome = await provisioner.reconcile(environment.desired, {
        logger: world.logger,
        signal: new AbortController().signal,
      });
      if (outcome.phase !== 'Ready') throw new Error(JSON.stringify(outcome));
      environment.dueAt = clock.now() + outcome.requeueAfterMs;
      reconciles++;
    }
    clock.advance(1000);
  }
  const minutes = perMinute(calls, startedAt);
  await provisioner.shutdown();
  await world.dispose();
  return {
    ...options,
    callsInFirstMinute: minutes[0],
    mostCallsAMinute: Math.max(...minutes.slice(1)),
    meanCallsAMinute: calls.length / options.minutes,
    reconciles,
  };
}

/** An environment that has been Ready for long. */
function settle(world: AwsWorld): DesiredEnvironment {
  const application = newApplication('default');
  const desired = newEnvironment(
    { ...world.spec, services: ['model-invocation'] },
    [application],
  );
  const { name, uid } = desired;
  const tags = { 'genai:environment-uid': uid, 'genai:environment': name };
  for (const [kind, template] of [
    ['core', CORE],
    ['services', SERVICES],
  ] as const) {
    const stack = { name: stackName(kind, name), template, tags };
    world.aws.deploy(ACCOUNT, REGION, stack).terminationProtection = true;
  }
  const pool = [...world.region.userPools.values()].at(-1)!;
  pool.clients.set(application.clientId, {
    id: application.clientId,
    name: formatClientName({
      ...{ name: 'default', applicationId: application.id },
      ...{ revision: 1, secretVersion: 1 },
    }),
    ...{ flows: [], scopes: [], flowsAllowed: true, secrets: [] },
  });
  desired.status = {
    ...{ phase: 'Ready', observedGeneration: 1, conditions: [] },
    ...{ services: [], outputs: {} },
  };
  return { ...desired, applicationsObserved: true };
}
