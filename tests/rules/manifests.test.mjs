import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const packages = globSync('{packages,plugins,services}/*/package.json', {
  cwd: root,
}).map(file => ({
  room: file.replaceAll('\\', '/').replace('/package.json', ''),
  manifest: JSON.parse(readFileSync(`${root}/${file}`, 'utf8')),
}));

/** Dependencies of packages in `rooms` (a pattern) that match `pattern`, as `room: name`. */
function dependencies(rooms, pattern) {
  return packages
    .filter(({ room }) => rooms.test(room))
    .flatMap(({ room, manifest }) =>
      Object.keys({
        ...manifest.dependencies,
        ...manifest.peerDependencies,
      })
        .filter(name => pattern.test(name))
        .map(name => `${room}: ${name}`),
    );
}

test('there are packages to look at', () => {
  assert.ok(packages.length > 10);
});

test('services install without Backstage', () => {
  assert.deepEqual(
    dependencies(/^services\//, /^@backstage\/|backstage-plugin/),
    [],
  );
});

test('nothing but the portal depends on the portal', () => {
  const names = packages
    .filter(({ room }) => room.startsWith('packages/'))
    .map(({ manifest }) => manifest.name);
  assert.deepEqual(
    dependencies(/^(plugins|services)\//, new RegExp(`^(${names.join('|')})$`)),
    [],
  );
});

test('the backend installs without any provisioner module', () => {
  assert.deepEqual(
    dependencies(/^plugins\/genai-environments-backend$/, /-backend-module-/),
    [],
  );
});

test('plugins but the AWS module install without AWS SDKs', () => {
  assert.deepEqual(
    dependencies(/^(packages\/|plugins\/(?!.*-module-aws$))/, /^@aws-sdk\//),
    [],
  );
});

test('packages that are published say so, and where they come from', () => {
  for (const { room, manifest } of packages) {
    if (manifest.private) continue;
    assert.equal(manifest.license, 'Apache-2.0', room);
    assert.equal(manifest.publishConfig?.access, 'public', room);
    assert.equal(manifest.repository?.directory, room);
  }
});
