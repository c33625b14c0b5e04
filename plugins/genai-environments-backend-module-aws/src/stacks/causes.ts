import type { StackEventRecord } from '../aws/stackRecords';

/** A visible stop: what is wrong, and what its reader can do. */
export type Problem = { reason: string; message: string; nextAction: string };

/** Why an operation on a stack failed. */
export type Cause = Problem & {
  /** Whether the same may work a moment later. */
  passes: boolean;
};

type Rule = {
  pattern: RegExp;
  reason: string;
  says: string;
  nextAction: string;
  passes?: boolean;
};

/** Another place on the load balancer may be free. */
export const PRIORITY_TAKEN = 'ListenerPriorityTaken';

const RULES: Rule[] = [
  {
    pattern: /priority .*in use|PriorityInUse/i,
    reason: PRIORITY_TAKEN,
    says: 'Another sandbox has the same place on the shared load balancer.',
    nextAction: 'Nothing: another place is tried by itself.',
    passes: true,
  },
  {
    pattern: /circuit breaker|did not stabilize|steady state|ECS Deployment/i,
    reason: 'TasksDoNotStart',
    says: 'The tasks of the service do not become healthy.',
    nextAction:
      "Read the service's log group in CloudWatch, correct what it says, and change the environment to try again.",
  },
  {
    pattern: /CannotPull|pull image|manifest .*not found|image .*not found/i,
    reason: 'ImageMissing',
    says: 'The container image cannot be pulled.',
    nextAction:
      "Ask the platform team to publish the image of the runtime into the account's repository.",
  },
  {
    pattern: /rate exceeded|throttl|too many requests/i,
    reason: 'AwsBusy',
    says: 'AWS had too much to do at that moment.',
    nextAction: 'Nothing: it is tried again by itself.',
    passes: true,
  },
  {
    pattern:
      /AccessDenied|not authorized|UnauthorizedOperation|permissions? boundary/i,
    reason: 'PermissionMissing',
    says: 'The service role of the account may not do this.',
    nextAction:
      "Ask the platform team to bring the account's foundation stack up to date.",
  },
  {
    pattern: /limit|quota|maximum number/i,
    reason: 'QuotaReached',
    says: 'A quota of the account is used up.',
    nextAction:
      'Ask the platform team to raise the quota in Service Quotas, or delete environments that nobody needs.',
  },
  {
    pattern: /already exists|AlreadyExists/i,
    reason: 'NameTaken',
    says: 'Something with that name is there already and does not belong to this environment.',
    nextAction:
      'Ask the platform team to remove it, or create the environment under another name.',
  },
  {
    pattern:
      /capacity|ServiceUnavailable|internal (failure|error)|InternalFailure|timed? ?out|try again/i,
    reason: 'AwsUnavailable',
    says: 'AWS could not do this at that moment.',
    nextAction: 'Nothing: it is tried again by itself.',
    passes: true,
  },
];

/** Reasons of resources that only went down with another one. */
const CONSEQUENCE = /cancelled|Resource (creation|update) was cancelled/i;

/** The first thing that failed, in plain words. `events` are newest first. */
export function findCause(
  events: StackEventRecord[],
  stackId: string,
  what: string,
): Cause {
  const failed = [...events]
    .reverse()
    .find(
      ({ status, reason, physicalId }) =>
        status.endsWith('_FAILED') &&
        physicalId !== stackId &&
        !CONSEQUENCE.test(reason),
    );
  if (!failed) {
    return {
      reason: 'StackFailed',
      message: `${what} failed, and CloudFormation does not say why.`,
      nextAction:
        'Ask the platform team to look at the events of the stack in the console.',
      passes: true,
    };
  }
  const rule = RULES.find(({ pattern }) => pattern.test(failed.reason));
  const kind = describeType(failed.type);
  return {
    reason: rule?.reason ?? 'ResourceFailed',
    message: [
      `${what} failed at ${kind} ${failed.logicalId}.`,
      ...(rule ? [rule.says] : []),
      `AWS said: ${withoutSecrets(failed.reason)}.`,
    ].join(' '),
    nextAction:
      rule?.nextAction ??
      'Ask the platform team to look at what AWS said, and change the environment to try again.',
    passes: rule?.passes ?? false,
  };
}

/** Whether what failed for that reason may work a moment later. */
export function mayPass(reason: string): boolean {
  return RULES.find(({ pattern }) => pattern.test(reason))?.passes ?? false;
}

/** `AWS::ECS::Service` becomes `the ECS service`. */
export function describeType(type: string): string {
  const [, service, kind] = type.split('::');
  const words = (kind ?? '').replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return `the ${service} ${words}`.trim();
}

/** AWS puts request ids and tokens into its reasons; nobody needs those. */
function withoutSecrets(reason: string): string {
  return reason
    .replace(
      /\(?(RequestToken|Request ID|Extended Request ID|Proxy): [^,;)]+[,;)]?/g,
      '',
    )
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 400)
    .replace(/\.$/, '');
}
