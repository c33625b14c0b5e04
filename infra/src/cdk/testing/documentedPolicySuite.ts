import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDriftPolicy, DRIFT_POLICY } from './driftPolicy';
import { MOST_CHARACTERS } from './policyStatements';
import { repositoryRoot } from './repositoryRoot';
import type { Synthesized } from './synthesize';

/** What stands in the documents where the foundation knows better. */
const PLACEHOLDERS: Record<string, string> = {
  'AWS::Partition': 'aws',
  'AWS::AccountId': '111122223333',
  'AWS::Region': 'eu-central-1',
  'AWS::URLSuffix': 'amazonaws.com',
  TemplateBucket: 'TEMPLATE_BUCKET',
  'TemplateBucket.Arn': 'arn:aws:s3:::TEMPLATE_BUCKET',
  'AccessLogBucket.Arn': 'arn:aws:s3:::ACCESS_LOG_BUCKET',
  'ServiceRole.Arn': 'SERVICE_ROLE_ARN',
};

/** That policies to copy are those that the foundation makes. */
export function describeDocumentedPolicies(synthesized: Synthesized): void {
  const { manifest, templates } = synthesized;
  describe('the documented policy', () => {
    it.each([
      ['portal-stacks', 'PortalStacksPolicy'],
      ['portal-environments', 'PortalEnvironmentsPolicy'],
    ])('%s is that of the foundation', (file, id) => {
      const path = join(
        repositoryRoot(),
        `docs/guides/aws-policies/${file}.json`,
      );
      const { Resources } = templates.get(manifest.foundation.template)!;
      expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(
        fill(Resources[id].Properties.PolicyDocument),
      );
    });

    it('portal-drift reads what the service role may read, and fits into one (npm run drift-policy -w infra)', () => {
      const text = readFileSync(DRIFT_POLICY, 'utf8');
      expect(JSON.parse(text)).toEqual(createDriftPolicy(synthesized));
      expect(text.replace(/\s/g, '').length).toBeLessThanOrEqual(
        MOST_CHARACTERS,
      );
    });
  });
}

/** A value of CloudFormation as the documents write it. */
export function fill(value: any): unknown {
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(fill);
  if (value.Ref) return PLACEHOLDERS[value.Ref];
  if (value['Fn::GetAtt']) return PLACEHOLDERS[value['Fn::GetAtt'].join('.')];
  if (value['Fn::Sub']) {
    return value['Fn::Sub'].replace(
      /\$\{([^}]+)\}/g,
      (_: string, name: string) => PLACEHOLDERS[name],
    );
  }
  if (value['Fn::Join']) {
    const [separator, parts] = value['Fn::Join'];
    return parts.map(fill).join(separator);
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, fill(each)]),
  );
}
