import { join } from 'node:path';
import { fill } from './documentedPolicySuite';
import { HANDLER_EXCEPTIONS } from './handlerExceptions';
import handlers from './handlerPermissions.json';
import { repositoryRoot } from './repositoryRoot';
import type { Synthesized } from './synthesize';

type PolicyStatement = {
  Sid?: string;
  Effect: string;
  Action: string[];
  Resource: string | string[];
  Condition?: object;
};

/** Where the policy is that a platform team may attach. */
export const DRIFT_POLICY = join(
  repositoryRoot(),
  'docs/guides/aws-policies/portal-drift.json',
);

/** With it the portal could read what is in secrets, which it may only in its own way. */
const CONTENT = /^secretsmanager:GetSecretValue$/;
/** Handlers list it for reading, too. */
const CHANGES = /:(Associate|Create|Disassociate|Set)|^kms:(\w*crypt|Generate)/;

/**
 * What drift detection needs: it has no role of its own and reads as its caller. Of what the
 * handlers of resource types list for reading that which the service role may, where it may.
 */
export function createDriftPolicy({ manifest, templates }: Synthesized): {
  Version: string;
  Statement: PolicyStatement[];
} {
  const { Resources } = templates.get(manifest.foundation.template)!;
  const reads = readsOfHandlers();
  const statements = Object.entries(Resources)
    .filter(([id]) => /^Service\w+Policy$/.test(id))
    .flatMap(
      ([, { Properties }]) =>
        (fill(Properties.PolicyDocument) as { Statement: PolicyStatement[] })
          .Statement,
    )
    .filter(({ Effect }) => Effect === 'Allow')
    .map(statement => ({
      ...statement,
      Action: statement.Action.filter(action => reads.has(action)),
    }))
    .filter(({ Action }) => Action.length > 0);
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Sid: 'DetectChanges',
        Action: [
          'cloudformation:DetectStackDrift',
          'cloudformation:DetectStackResourceDrift',
        ],
        Resource: [
          'arn:aws:cloudformation:eu-central-1:111122223333:stack/genai-*/*',
        ],
      },
      ...merge(statements),
    ],
  };
}

function readsOfHandlers(): Set<string> {
  const types: Record<string, Record<string, string[]>> = handlers.types;
  return new Set(
    Object.entries(types).flatMap(([type, { read = [] }]) =>
      read.filter(
        action =>
          !CONTENT.test(action) &&
          !CHANGES.test(action) &&
          !(HANDLER_EXCEPTIONS[type] ?? []).some(({ actions }) =>
            actions.test(action),
          ),
      ),
    ),
  );
}

/** An action of one service finds no resource of another: those alike become one. */
function merge(statements: PolicyStatement[]): PolicyStatement[] {
  const kinds: Array<[string, (each: PolicyStatement) => boolean]> = [
    ['ReadAll', ({ Resource }) => Resource === '*'],
    ['ReadTagged', ({ Condition }) => Condition !== undefined],
    ['ReadNamed', () => true],
  ];
  const rest = [...statements];
  return kinds.map(([Sid, fits]) => {
    const same = rest.filter(fits);
    for (const each of same) rest.splice(rest.indexOf(each), 1);
    const sorted = (values: string[]) => [...new Set(values)].sort();
    const [{ Condition, Resource }] = same;
    if (same.some(each => !isSame(each.Condition, Condition))) {
      throw new Error(`Statements of ${Sid} have different conditions.`);
    }
    return {
      Effect: 'Allow',
      Sid,
      Action: sorted(same.flatMap(({ Action }) => Action)),
      Resource:
        Resource === '*' ? '*' : sorted(same.flatMap(each => each.Resource)),
      ...(Condition && { Condition }),
    };
  });
}

function isSame(one?: object, other?: object): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
