import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesize } from './testing/synthesize';

/** A package of PyPI that carries AWS's schemas of resource types whole. */
const PACKAGE = { name: 'c7n-awscc', version: '0.1.38', published: '2026-10' };
const HANDLERS = ['create', 'read', 'update', 'delete'] as const;

type Schema = {
  handlers: Record<string, { permissions?: string[] } | undefined>;
};

/**
 * Writes which permissions AWS's handlers of the resource types in environments ask for, for the
 * test that compares them with the service role. Started from the package's folder by
 * `npm run handlers -w infra`; needs Python 3. A test says when that is due.
 */
function main(): void {
  const directory = mkdtempSync(join(tmpdir(), 'genai-handlers-'));
  try {
    unpack(directory);
    const types = Object.fromEntries(
      typesOfEnvironments().map(type => [type, permissionsOf(directory, type)]),
    );
    writeFileSync(
      join('src', 'cdk', 'testing', 'handlerPermissions.json'),
      `${JSON.stringify({ source: PACKAGE, types }, null, 2)}\n`,
    );
    console.log(`${Object.keys(types).length} resource types`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function unpack(directory: string): void {
  const python = (...options: string[]) =>
    execFileSync('python3', ['-m', ...options], { stdio: 'inherit' });
  const { name, version } = PACKAGE;
  python(
    ...['pip', 'download', '--quiet', '--no-deps', '--dest', directory],
    `${name}==${version}`,
  );
  const wheel = `${name.replace('-', '_')}-${version}-py3-none-any.whl`;
  python('zipfile', '--extract', join(directory, wheel), directory);
}

function typesOfEnvironments(): string[] {
  const { manifest } = synthesize({ isChecked: false });
  const types = manifest.environments.flatMap(({ core, services }) =>
    [core, services].flatMap(stack => Object.keys(stack.resourcesByType)),
  );
  return [...new Set(types)].sort();
}

function permissionsOf(
  directory: string,
  type: string,
): Record<string, string[]> {
  const file = `${type.toLowerCase().replaceAll('::', '_')}.json`;
  const { handlers } = JSON.parse(
    readFileSync(join(directory, 'c7n_awscc', 'data', file), 'utf8'),
  ) as Schema;
  return Object.fromEntries(
    HANDLERS.filter(each => handlers[each]).map(each => [
      each,
      [...new Set(handlers[each]!.permissions)].sort(),
    ]),
  );
}

main();
