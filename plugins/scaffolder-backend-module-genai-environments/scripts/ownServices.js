#!/usr/bin/env node
/**
 * Makes what a project gets that owns its services: a workspace of their sources, generated
 * from this repository (`copy`), and takes it out of the package again (`remove`).
 *
 * `repository/` has files by their paths in the project, `appended/` text for the end of files
 * that a project may have already. `.gitignore` and the like travel as `dot-gitignore`, because
 * npm leaves them out of packages; `src/files/writeFiles.ts` gives them their names back.
 */
const fs = require('node:fs');
const path = require('node:path');
const { pruneLockfile } = require('./ownServices/lockfile');
const texts = require('./ownServices/texts');

const FROM = 'services';
const TO = 'repository/services';
const LEFT_OUT = new Set([
  'node_modules',
  'dist',
  'coverage',
  '.DS_Store',
  '.env',
  '.eslintrc.js',
  'CHANGELOG.md',
]);
const RENAMED = new Set(['.gitignore', '.npmrc', '.npmignore']);
/** Tests that need an emulator of AWS, or compare with the rest of this repository. */
const NOT_FOR_PROJECTS = [/\.aws\.test\.ts$/, /dockerfile\.test\.ts$/];

const packageRoot = path.join(__dirname, '..');
const repository = path.join(packageRoot, '..', '..');
const [, , command, target = path.join(packageRoot, 'dist-own-services')] =
  process.argv;

fs.rmSync(target, { recursive: true, force: true });
if (command === 'copy') {
  generate();
} else if (command !== 'remove') {
  process.stderr.write('Usage: ownServices.js copy|remove [directory]\n');
  process.exitCode = 2;
}

function generate() {
  const names = fs
    .readdirSync(path.join(repository, FROM))
    .filter(name =>
      fs.existsSync(path.join(repository, FROM, name, 'package.json')),
    );
  const manifests = {};
  for (const name of names) {
    const manifest = readJson(
      path.join(repository, FROM, name, 'package.json'),
    );
    manifests[name] = texts.toOwnManifest(manifest);
    copySource(path.join(repository, FROM, name), `${TO}/${name}`);
    write(`${TO}/${name}/package.json`, toText(manifests[name]));
  }
  const lock = readJson(path.join(repository, 'package-lock.json'));
  const root = rootManifest({
    names,
    lock,
    version: manifests.runtime.version,
  });
  write(`${TO}/package.json`, toText(root));
  write(
    `${TO}/package-lock.json`,
    toText(pruneLockfile({ lock, root, manifests, from: FROM })),
  );
  write(`${TO}/LICENSE`, fs.readFileSync(path.join(repository, 'LICENSE')));
  copyFolder(path.join(packageRoot, 'own-services'), '', file =>
    fs.readFileSync(file),
  );
}

function copySource(folder, to) {
  copyFolder(folder, to, (file, place) => {
    const content = fs.readFileSync(file);
    if (place.endsWith('/Dockerfile')) {
      return texts.toOwnDockerfile(content.toString('utf8'));
    }
    if (place.endsWith('.md')) {
      return texts.toOwnReadme(content.toString('utf8'));
    }
    return content;
  });
}

function copyFolder(folder, to, read) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const place = to ? `${to}/${entry.name}` : entry.name;
    const isLeftOut =
      LEFT_OUT.has(entry.name) ||
      NOT_FOR_PROJECTS.some(pattern => pattern.test(entry.name));
    if (isLeftOut) continue;
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) copyFolder(file, place, read);
    else if (entry.isFile()) write(place, read(file, place));
  }
}

/** Tools in the versions that the services are tested with here. */
function rootManifest({ names, lock, version }) {
  const tools = [
    '@swc/core',
    '@swc/jest',
    '@types/jest',
    '@types/node',
    'esbuild',
    'jest',
    'typescript',
  ];
  return {
    name: 'genai-environment-services',
    version,
    private: true,
    license: 'Apache-2.0',
    engines: { node: '>=24' },
    workspaces: names,
    scripts: {
      build: 'node runtime/build.mjs',
      // Tests start the bundle's threads and processes.
      pretest: 'npm run build',
      test: 'jest',
      typecheck: 'tsc',
      upstream: 'node upstream.mjs',
    },
    // What upstream.mjs fills in again.
    genai: Object.fromEntries(
      ['name', 'owner', 'services'].map(key => [key, `\${{ values.${key} }}`]),
    ),
    // Their binaries come as packages of the platform; the scripts only check them.
    allowScripts: {
      '@swc/core': false,
      esbuild: false,
      'unrs-resolver': false,
    },
    devDependencies: Object.fromEntries(
      tools.map(name => [name, lock.packages[`node_modules/${name}`].version]),
    ),
  };
}

function readJson(file) {
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}

function toText(value) {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function write(place, content) {
  const name = path.basename(place);
  const file = path.join(
    target,
    path.dirname(place),
    RENAMED.has(name) ? name.replace('.', 'dot-') : name,
  );
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, content);
}
