import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';

const RULE = '@typescript-eslint/no-restricted-imports';
const root = fileURLToPath(new URL('../..', import.meta.url));
const eslint = new ESLint({ cwd: root });

/** Whether the import rules refuse `imported` in a file that need not exist. */
async function isRefused(filePath, imported) {
  const [result] = await eslint.lintText(
    `import * as imported from '${imported}';\n\nexport default imported;\n`,
    { filePath: `${root}/${filePath}` },
  );
  assert.ok(result, `${filePath} is not linted at all`);
  const fatal = result.messages.find(message => message.fatal);
  assert.equal(fatal, undefined, fatal?.message);
  return result.messages.some(
    ({ ruleId, severity }) => ruleId === RULE && severity === 2,
  );
}

const SCOPE = '@genai-environments';
const PLUGIN = `${SCOPE}/backstage-plugin-genai-environments`;
const common = 'plugins/genai-environments-common/src/x.ts';
const backend = 'plugins/genai-environments-backend/src/service/x.ts';
const frontend = 'plugins/genai-environments/src/x.tsx';
const local = 'plugins/genai-environments-backend-module-local/src/x.ts';
const domain = 'services/model-invocation/src/domain/x.ts';
const port = 'services/model-invocation/src/ports/x.ts';
const adapter = 'services/model-invocation/src/adapters/local/x.ts';
const awsAdapter = 'services/model-invocation/src/adapters/aws/x.ts';

for (const [file, imported] of [
  [common, 'node:fs/promises'],
  [common, 'fs'],
  [common, 'path/posix'],
  [common, '@aws-sdk/client-ecs'],
  [backend, `${PLUGIN}-backend-module-local`],
  [backend, `${PLUGIN}-backend-module-aws`],
  [backend, '@aws-sdk/client-cloudformation'],
  [backend, `${SCOPE}/runtime`],
  [backend, PLUGIN],
  [backend, '../../../services/kit/src'],
  [frontend, `${PLUGIN}-backend`],
  [frontend, `${PLUGIN}-node`],
  [frontend, '@aws-sdk/client-bedrock'],
  [local, '@aws-sdk/client-ecs'],
  ['plugins/genai-environments-node/src/x.ts', '@smithy/signature-v4'],
  ['plugins/genai-environments-node/src/x.ts', `${SCOPE}/service-kit`],
  ['plugins/genai-environments-node/src/x.ts', '../../../packages/backend/src'],
  [domain, 'fastify'],
  [domain, '@fastify/swagger'],
  [domain, 'fastify-type-provider-zod'],
  [domain, 'undici'],
  [domain, 'node:sqlite'],
  [domain, '@aws-sdk/client-bedrock-runtime'],
  [domain, '../adapters/local/SqliteUsage'],
  [port, '../adapters/aws/BedrockModels'],
  [port, '../routes/invoke'],
  [adapter, '@aws-sdk/client-dynamodb'],
  [adapter, '@backstage/backend-plugin-api'],
  [awsAdapter, '@backstage/errors'],
  ['services/runtime/src/x.ts', `${PLUGIN}-common`],
  [
    'services/runtime/src/x.ts',
    '../../../plugins/genai-environments-common/src',
  ],
  ['services/runtime/src/x.test.ts', '@backstage/errors'],
  ['packages/app/src/x.tsx', `${PLUGIN}-backend`],
  ['packages/app/src/x.tsx', '@aws-sdk/client-ecs'],
  ['packages/backend/src/x.ts', 'knex'],
  ['packages/backend/src/x.ts', `${SCOPE}/runtime`],
]) {
  test(`${file} must not import ${imported}`, async () => {
    assert.equal(await isRefused(file, imported), true);
  });
}

for (const [file, imported] of [
  [common, 'zod'],
  [common, '@backstage/errors'],
  ['plugins/genai-environments-common/src/x.test.ts', 'node:http'],
  [backend, 'node:crypto'],
  [backend, `${PLUGIN}-common`],
  [backend, `${PLUGIN}-node`],
  [frontend, `${PLUGIN}-common`],
  [local, `${SCOPE}/runtime`],
  [awsAdapter, '@aws-sdk/client-bedrock-runtime'],
  [adapter, 'undici'],
  [domain, 'zod'],
  [domain, './errors'],
  ['services/runtime/src/x.ts', `${SCOPE}/model-invocation`],
  ['packages/backend/src/x.ts', `${PLUGIN}-backend`],
]) {
  test(`${file} may import ${imported}`, async () => {
    assert.equal(await isRefused(file, imported), false);
  });
}

test('a common package knows no globals of Node', async () => {
  const [result] = await eslint.lintText('export const x = process.env;\n', {
    filePath: `${root}/${common}`,
  });
  assert.ok(
    result.messages.some(({ ruleId }) => ruleId === 'no-restricted-globals'),
  );
});

test('a package of an unknown room is refused by name', async () => {
  const { importRulesFor } = await import('../../.eslint/importRules.js').then(
    module => module.default,
  );
  assert.throws(() => importRulesFor('elsewhere/x'), /elsewhere\/x/);
});
