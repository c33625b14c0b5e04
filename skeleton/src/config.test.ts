import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from './config.ts';

const complete = {
  GENAI_ENDPOINT: 'http://127.0.0.1:9000/',
  GENAI_TOKEN_URL: 'http://127.0.0.1:9000/oauth2/token',
  GENAI_CLIENT_ID: 'id',
  GENAI_CLIENT_SECRET: 'very-secret',
};

test('has defaults for everything but the environment’s address and credentials', () => {
  assert.deepEqual(readConfig(complete), {
    host: '127.0.0.1',
    port: 8080,
    basePath: '/app',
    environmentName: 'GenAI environment',
    endpoint: 'http://127.0.0.1:9000',
    tokenUrl: 'http://127.0.0.1:9000/oauth2/token',
    clientId: 'id',
    clientSecret: 'very-secret',
    shutdownGraceMs: 1000,
  });
});

test('takes a base path of the root', () => {
  assert.equal(readConfig({ ...complete, APP_BASE_PATH: '/' }).basePath, '');
});

test('names all variables that are missing, in one go', () => {
  assert.throws(
    () => readConfig({}),
    /GENAI_ENDPOINT.*GENAI_TOKEN_URL.*GENAI_CLIENT_ID.*GENAI_CLIENT_SECRET/,
  );
});

for (const [name, value] of [
  ['PORT', '70000'],
  ['PORT', '80x'],
  ['APP_BASE_PATH', 'app?x'],
  ['GENAI_ENDPOINT', 'file:///etc/hosts'],
  ['GENAI_TOKEN_URL', 'somewhere'],
  ['SHUTDOWN_GRACE_SECONDS', '-1'],
] as const) {
  test(`refuses ${name}=${value} without quoting the value`, () => {
    assert.throws(
      () => readConfig({ ...complete, [name]: value }),
      (error: Error) =>
        error.name === 'ConfigError' &&
        error.message.startsWith(name) &&
        !error.message.includes(value),
    );
  });
}
