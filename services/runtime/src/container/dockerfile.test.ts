import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { CONTAINER_NODE_OPTIONS, RUNTIME_NODE_VARIABLES } from '../launch';

// eslint-disable-next-line no-restricted-syntax -- tests run from the sources
const root = join(__dirname, '..', '..', '..', '..');
const read = (...path: string[]) => readFileSync(join(root, ...path), 'utf8');

describe('Dockerfile', () => {
  const dockerfile = read('services', 'runtime', 'Dockerfile');
  const copies = [...dockerfile.matchAll(/^COPY (?!--from)(.+) (\S+)$/gm)];

  it('copies what exists', () => {
    const sources = copies.flatMap(([, list]) => list.split(' '));
    expect(sources.length).toBeGreaterThan(5);
    for (const source of sources) {
      expect([source, existsSync(join(root, source))]).toEqual([source, true]);
    }
    const fromBuild = dockerfile.matchAll(/COPY --from=build \/src\/(\S+)/g);
    for (const [, source] of fromBuild) {
      const place = source.endsWith('dist') ? dirname(source) : source;
      expect([place, existsSync(join(root, place))]).toEqual([place, true]);
    }
  });

  it('installs the dependencies of every service', () => {
    const manifests = copies
      .filter(([, source]) => source.startsWith('services/'))
      .filter(([, source]) => source.endsWith('package.json'));
    for (const [, source, target] of manifests) {
      expect(normalize(`${target}package.json`)).toBe(source);
    }
    expect(manifests.map(([, source]) => source.split('/')[1]).sort()).toEqual(
      readdirSync(join(root, 'services'))
        .filter(name =>
          existsSync(join(root, 'services', name, 'package.json')),
        )
        .sort(),
    );
  });

  it('lets nothing into its context that it does not copy', () => {
    const ignored = read('.dockerignore').split('\n');
    expect(ignored).toContain('*');
    const kept = ignored
      .filter(line => line.startsWith('!'))
      .map(line => line.slice(1));
    const tops = copies
      .flatMap(([, list]) => list.split(' '))
      .map(source => source.split('/')[0]);
    expect(new Set(kept)).toEqual(new Set(tops));
    expect(ignored).toContain('**/.env*');
  });

  it('runs with the memory settings of a container, not as root, without a shell', () => {
    const entry = /^ENTRYPOINT (.+)$/m.exec(dockerfile)![1];
    expect(JSON.parse(entry)).toEqual([
      'node',
      ...CONTAINER_NODE_OPTIONS,
      '/app/runtime.cjs',
    ]);
    for (const [name, value] of Object.entries(RUNTIME_NODE_VARIABLES)) {
      expect(dockerfile).toContain(`${name}=${value}`);
    }
    expect(dockerfile).toMatch(/^USER 1000:1000$/m);
    expect(JSON.parse(/^CMD (.+)$/m.exec(dockerfile)![1])).toEqual([
      '--services',
      'all',
    ]);
  });
});
