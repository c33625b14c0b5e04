const { join, relative } = require('node:path');
const createPackageConfig = require('@backstage/cli/config/eslint-factory');
const { importRulesFor } = require('./importRules');

const root = join(__dirname, '..');

/** ESLint configuration of the package in `directory`: Backstage's, and the import rules. */
module.exports = directory =>
  createPackageConfig(directory, {
    testRules: {
      // supertest's own expect(), and helpers that are named for what they assert.
      'jest/expect-expect': [
        'error',
        { assertFunctionNames: ['expect*', 'assert*', '**.expect'] },
      ],
    },
    overrides: [
      {
        // Browser code must not import Node; its tests run on Node and may.
        files: ['**/*.test.*'],
        rules: { 'no-restricted-imports': 'off' },
      },
      {
        // Never published, unlike testUtils: development dependencies are enough.
        files: ['**/testing/**'],
        rules: { '@backstage/no-undeclared-imports': 'off' },
      },
      {
        // Contract suites: tests that are exported, to be run on each adapter.
        files: ['**/testUtils/**', '**/testing/**'],
        rules: { 'jest/no-export': 'off' },
      },
      ...importRulesFor(relative(root, directory).replaceAll('\\', '/')),
    ],
  });
