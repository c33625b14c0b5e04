import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './repositoryRoot';
import type { Synthesized } from './synthesize';

/** Names of clients, where IAM has another word for the service. */
const PREFIXES: Record<string, string> = {
  'cognito-identity-provider': 'cognito-idp',
  'secrets-manager': 'secretsmanager',
  'cloudwatch-logs': 'logs',
  'resource-groups-tagging-api': 'tag',
};

/** Calls that IAM knows by another name, or that need no permission. */
const ACTIONS: Record<string, string | undefined> = {
  's3:DeleteObjects': 's3:DeleteObject',
  's3:HeadObject': 's3:GetObject',
  's3:HeadBucket': 's3:ListBucket',
  's3:ListObjectVersions': 's3:ListBucketVersions',
  's3:ListObjectsV2': 's3:ListBucket',
  'sts:GetCallerIdentity': undefined,
  // Of portal-drift.json, which nobody has to attach.
  'cloudformation:DetectStackDrift': undefined,
};

/** What no call of the module is named after, by statement, and what it is needed for. */
const NEEDED_BESIDE_CALLS: Record<string, string> = {
  'Stacks cloudformation:TagResource':
    'CloudFormation asks it of whoever gives a change set tags.',
  'PassTheServiceRole iam:PassRole':
    'CloudFormation asks it of whoever names a role.',
  'TemplateBucket s3:ListBucket':
    'Without it S3 says that a missing template is forbidden.',
  'Secrets secretsmanager:TagResource': 'Secrets are made with tags.',
  'KeysOfSecrets kms:Decrypt': 'Secrets are read by it.',
  'KeysOfSecrets kms:GenerateDataKey': 'Secrets are written by it.',
  'EmptyBuckets s3:DeleteObjectVersion':
    'IAM’s name for deleting an object by its version.',
};

/** That the portal may do what its module does, and no more. */
export function describePortal({ manifest, templates }: Synthesized): void {
  describe('the role of the portal', () => {
    it('may make every call that the module makes', () => {
      const allowed = new Set(allowedActions().map(({ action }) => action));
      const calls = callsOfModule();
      expect(calls.length).toBeGreaterThan(20);
      expect(calls.filter(call => !allowed.has(call))).toEqual([]);
    });

    it('may do nothing that the module does not', () => {
      const calls = new Set(callsOfModule());
      const beside = allowedActions()
        .filter(({ action }) => !calls.has(action))
        .map(({ sid, action }) => `${sid} ${action}`);
      expect(beside.sort()).toEqual(Object.keys(NEEDED_BESIDE_CALLS).sort());
    });

    it('writes no template: change sets are confined to those of the bucket', () => {
      expect(
        allowedActions().filter(({ action }) => /^s3:Put/.test(action)),
      ).toEqual([]);
    });

    function allowedActions(): Array<{ sid: string; action: string }> {
      const { Resources } = templates.get(manifest.foundation.template)!;
      return ['PortalStacksPolicy', 'PortalEnvironmentsPolicy']
        .flatMap(id => Resources[id].Properties.PolicyDocument.Statement)
        .filter(({ Effect }) => Effect === 'Allow')
        .flatMap(({ Sid, Action }) =>
          Action.map((action: string) => ({ sid: Sid, action })),
        );
    }
  });
}

function callsOfModule(): string[] {
  const root = join(
    repositoryRoot(),
    'plugins/genai-environments-backend-module-aws/src',
  );
  const files = globSync('**/*.ts', {
    cwd: root,
    exclude: path => /testing|bootstrap|\.test\.ts$/.test(path),
  });
  const calls = files.flatMap(file => {
    const text = readFileSync(join(root, file), 'utf8');
    return [
      ...text.matchAll(
        /import \{([^}]*)\} from '@aws-sdk\/client-([a-z0-9-]+)'/g,
      ),
    ].flatMap(([, names, client]) =>
      [...names.matchAll(/\b(\w+)Command\b/g)].map(
        ([, name]) => `${PREFIXES[client] ?? client}:${name}`,
      ),
    );
  });
  return [...new Set(calls)]
    .map(call => (call in ACTIONS ? ACTIONS[call] : call))
    .filter(call => call !== undefined)
    .sort();
}
