/** How files of this repository change on their way into a project. */
const DOCS =
  'https://github.com/genai-environments/backstage-genai-environments/blob/main/docs/';

/** @returns the text with each replacement made; a rule that fits nothing is a mistake */
function replaceEach(name, text, rules) {
  return rules.reduce((changed, [pattern, replacement]) => {
    const next = changed.replaceAll(pattern, replacement);
    if (next === changed) {
      throw new Error(`${name} does not contain ${pattern} any more`);
    }
    return next;
  }, text);
}

/** In a project the services lie in the root of their workspace. */
function toOwnDockerfile(text) {
  return replaceEach('services/runtime/Dockerfile', text, [
    [
      '# Built from the root of the repository; docs/guides/container.md says how.',
      '# Built from this folder; README.md says how.',
    ],
    ['COPY services services\n', 'COPY . .\n'],
    // It makes npm put up with what Backstage's packages ask for.
    ['package-lock.json .npmrc ./', 'package-lock.json ./'],
    ['/src/services/', '/src/'],
    ['node services/runtime/build.mjs', 'node runtime/build.mjs'],
    [': services/runtime/src/launch.ts', ': runtime/src/launch.ts'],
    [/^COPY services\/(\S+) services\/(\S*)$/gm, 'COPY $1 $2'],
    [
      'CMD ["--services", "all"]',
      'CMD ["--services", ${{ values.services | dump }}]',
    ],
  ]);
}

/** Packages are not published from a project, and Backstage's tools are not there. */
function toOwnManifest(manifest) {
  const { name, version, description, license, main, types } = manifest;
  const { '@backstage/cli': _, ...devDependencies } = manifest.devDependencies;
  return {
    ...{ name, version, private: true, description, license, main, types },
    ...(manifest.exports ? { exports: manifest.exports } : {}),
    ...(manifest.typesVersions
      ? { typesVersions: manifest.typesVersions }
      : {}),
    // What a runtime that is built from here says of itself.
    ...(name.endsWith('/runtime') ? { genai: { source: 'own' } } : {}),
    dependencies: manifest.dependencies,
    devDependencies,
  };
}

function toOwnReadme(text) {
  return text
    .replace(/\]\((?:\.\.\/)+docs\//g, `](${DOCS}`)
    .replaceAll('npm run build:runtime', 'npm run build')
    .replaceAll('services/runtime/', 'runtime/')
    .replaceAll('npx backstage-cli package test', 'npm test -- <folder>');
}

module.exports = { toOwnDockerfile, toOwnManifest, toOwnReadme };
