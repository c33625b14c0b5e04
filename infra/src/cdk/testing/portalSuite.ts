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

/** That the portal may do what its module does. */
export function describePortal({ manifest, templates }: Synthesized): void {
  describe('the role of the portal', () => {
    it('may make every call that the module makes', () => {
      const { Resources } = templates.get(manifest.foundation.template)!;
      const allowed = new Set(
        ['PortalStacksPolicy', 'PortalEnvironmentsPolicy'].flatMap(id =>
          Resources[id].Properties.PolicyDocument.Statement.flatMap(
            ({ Action }: { Action: string[] }) => Action,
          ),
        ),
      );
      const calls = callsOfModule();
      expect(calls.length).toBeGreaterThan(20);
      expect(calls.filter(call => !allowed.has(call))).toEqual([]);
    });
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
