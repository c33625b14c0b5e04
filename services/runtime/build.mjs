/**
 * Bundles the runtime into `dist/runtime.bundle.cjs` and writes its entry,
 * `dist/runtime.cjs`; Node runs them without anything else around.
 *
 * CommonJS, because what the services depend on is mostly that, and because it starts
 * faster than the same as an ES module.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
// Of this repository, before anything is built or installed.
// eslint-disable-next-line @backstage/no-relative-monorepo-imports
import { buildExtractionProcess } from '../document-processing/buildExtractionProcess.mjs';

const root = dirname(fileURLToPath(import.meta.url));
const dist = join(root, 'dist');
const entry = join(dist, 'runtime.cjs');
const bundle = join(dist, 'runtime.bundle.cjs');
const compileCache = join(dist, '.compile-cache');
const startedAt = performance.now();

/**
 * Large packages that are asked for rarely, by a deferred `require` or `import()`: each lies
 * in a file of its own, so that it costs neither time nor memory before. Only packages that
 * share no classes with the rest may stand here: they get their own copies.
 */
const RARE_PACKAGES = {
  'gpt-tokenizer/encoding/o200k_base': 'tokenizer.cjs',
  '@aws-sdk/credential-providers': 'awsCredentials.cjs',
  'oidc-provider': 'oidcProvider.cjs',
};

/** Services that depend on them. */
const OWNERS = {
  'gpt-tokenizer/encoding/o200k_base': 'document-processing',
  '@aws-sdk/credential-providers': 'model-invocation',
  'oidc-provider': 'runtime',
};

/**
 * The SDK of AWS, with the services that depend on its parts: all in one file, of which each
 * part is evaluated when it is asked for. Who runs on a laptop never loads it.
 */
const AWS_FILE = 'aws.cjs';
const AWS_PACKAGES = {
  '@aws-sdk/client-cognito-identity-provider': 'administration',
  '@aws-sdk/client-dynamodb': 'kit',
  '@aws-sdk/client-s3': 'kit',
  '@aws-sdk/client-s3vectors': 'vectorization',
  '@aws-sdk/client-sqs': 'kit',
  '@aws-sdk/client-textract': 'document-processing',
  '@aws-sdk/lib-dynamodb': 'kit',
  '@aws-sdk/s3-request-presigner': 'kit',
  '@aws-sdk/util-dynamodb': 'kit',
  '@smithy/signature-v4': 'vectorization',
  'aws-jwt-verify': 'kit',
  'aws-jwt-verify/error': 'kit',
};

const OPTIONS = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  // Identifiers stay, so that stack traces in logs can be read.
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
};

/* Written beside and moved: a runtime that starts meanwhile finds the old or the new one. */
const temporary = `${bundle}.${process.pid}.tmp`;
await mkdir(dist, { recursive: true });
await build({
  entryPoints: [join(root, 'src', 'main.ts')],
  outfile: temporary,
  // Not `keepNames`: it defines the name of each closure anew whenever one is made, a fifth
  // of what a request costs.
  ...OPTIONS,
  plugins: [englishOnly(), rareApart(), awsApart()],
});
await Promise.all([buildThreads(), buildAws(), ...buildRarePackages()]);
const content = escapeNonAscii(await readFile(temporary, 'utf8'));
await writeFile(temporary, content);
const sha256 = createHash('sha256').update(content).digest('hex');
await rename(temporary, bundle);

/* Compiling three megabytes is a fifth of the time to start. V8's cache of it lies beside
   the bundle, so it is trusted as far as the bundle is; where it cannot be written or
   does not fit the Node at hand, everything works without. The digest also lets whoever
   looks at the entry alone see that the bundle is another one. */
const source = `'use strict';
// Bundle: sha256 ${sha256}
require('node:module').enableCompileCache?.(
  require('node:path').join(__dirname, '.compile-cache', '${sha256.slice(
    0,
    16,
  )}'),
);
require('./runtime.bundle.cjs');
`;
if ((await readFile(entry, 'utf8').catch(() => '')) !== source) {
  await writeFile(`${entry}.${process.pid}.tmp`, source);
  await rename(`${entry}.${process.pid}.tmp`, entry);
  // An old runtime that ends just now may still write there; then a little stays.
  await rm(compileCache, { recursive: true, force: true }).catch(() => {});
  // Without its variables the runtime loads, says so, and leaves the cache filled.
  spawnSync(process.execPath, [entry], { env: {}, stdio: 'ignore' });
}

const kibibytes = (content.length / 1024).toFixed(0);
const milliseconds = (performance.now() - startedAt).toFixed(0);
console.log(`runtime.bundle.cjs: ${kibibytes} KiB in ${milliseconds} ms`);

/**
 * What esbuild leaves beyond ASCII are regular expressions, in which an escape says the
 * same. One such character makes V8 keep all of the bundle in two bytes a character.
 */
function escapeNonAscii(code) {
  return code.replaceAll(
    /[^\0-\x7f]/g,
    unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Makes the bundle look for rare packages beside itself. */
function rareApart() {
  return {
    name: 'rare-apart',
    setup({ onResolve }) {
      onResolve({ filter: /^[@a-z]/ }, ({ path }) =>
        Object.hasOwn(RARE_PACKAGES, path)
          ? { path: `./rare/${RARE_PACKAGES[path]}`, external: true }
          : undefined,
      );
    },
  };
}

/** Makes the bundle look for the SDK of AWS beside itself, and for nothing else of it. */
function awsApart() {
  const file = `./rare/${AWS_FILE}`;
  return {
    name: 'aws-apart',
    setup({ onLoad, onResolve }) {
      onResolve(
        { filter: /^(@aws-sdk|@smithy|aws-jwt-verify)(\/|$)/ },
        ({ path }) => {
          if (Object.hasOwn(RARE_PACKAGES, path)) return undefined;
          return Object.hasOwn(AWS_PACKAGES, path)
            ? { path, namespace: 'aws' }
            : { errors: [{ text: `${path} is missing in AWS_PACKAGES` }] };
        },
      );
      onResolve({ filter: /^\.\/rare\/aws\.cjs$/, namespace: 'aws' }, () => ({
        path: file,
        external: true,
      }));
      onLoad({ filter: /.*/, namespace: 'aws' }, ({ path }) => ({
        contents: `module.exports = require('${file}')(${JSON.stringify(
          path,
        )});`,
      }));
    },
  };
}

/** A function that answers the package of a name. */
async function buildAws() {
  const cases = Object.entries(AWS_PACKAGES).map(
    ([name, owner]) =>
      `case '${name}': return require('owner:${owner}:${name}');`,
  );
  await buildApart(join(dist, 'rare', AWS_FILE), {
    stdin: {
      contents: `module.exports = name => { switch (name) { ${cases.join(
        '\n',
      )} } };`,
      resolveDir: root,
    },
    plugins: [
      {
        name: 'owners',
        setup({ onResolve, resolve }) {
          onResolve({ filter: /^owner:/ }, ({ path, kind }) => {
            const [, owner, name] = path.split(':');
            return resolve(name, { kind, resolveDir: join(root, '..', owner) });
          });
        },
      },
    ],
  });
}

function buildRarePackages() {
  return Object.entries(RARE_PACKAGES).map(([name, file]) =>
    buildApart(join(dist, 'rare', file), {
      stdin: {
        // Names stay visible to an import() of CommonJS.
        contents: `export * from ${JSON.stringify(name)};`,
        resolveDir: join(root, '..', OWNERS[name]),
      },
    }),
  );
}

/** Bundles packages of others into a file of their own. */
function buildApart(outfile, options) {
  return buildFile(outfile, { mainFields: ['module', 'main'], ...options });
}

/** What is none of the bundle; written beside and moved. */
async function buildFile(outfile, options) {
  const written = `${outfile}.${process.pid}.tmp`;
  await build({ ...OPTIONS, keepNames: true, ...options, outfile: written });
  await rename(written, outfile);
}

/** What runs in threads of its own, each in files of its own beside the bundle. */
async function buildThreads() {
  await buildFile(join(dist, 'vectorIndexThread.cjs'), {
    entryPoints: [
      join(root, '..', 'vectorization', 'src', 'vectorIndexThread.ts'),
    ],
    plugins: [englishOnly()],
  });
  await buildExtractionProcess({ outdir: join(dist, 'extraction') });
}

/** Leaves out the fifty languages of zod's messages: an eighth of the bundle. */
function englishOnly() {
  return {
    name: 'english-only',
    setup({ onLoad }) {
      onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.(c?js)$/ }, () => ({
        contents: "export { default as en } from './en.js';",
      }));
    },
  };
}
