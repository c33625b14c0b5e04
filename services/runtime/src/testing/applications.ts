import { createHash } from 'node:crypto';
import type { ApplicationSpec } from '../applications';

export const sha256 = (secret: string) =>
  createHash('sha256').update(secret).digest('hex');

/** An enabled external application that holds the classic scope. */
export function applicationSpec(
  secret: string,
  overrides: Partial<ApplicationSpec> = {},
): ApplicationSpec {
  return {
    name: 'caller',
    kind: 'external',
    scopes: ['genaifoundations/read'],
    enabled: true,
    revision: 1,
    secrets: [{ version: 1, sha256: sha256(secret) }],
    ...overrides,
  };
}

export const projectApp: ApplicationSpec = {
  name: 'app',
  kind: 'project-app',
  scopes: ['genaifoundations/read'],
  enabled: true,
  revision: 1,
  secrets: [],
};
