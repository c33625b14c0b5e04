const { createConfig } = require('@backstage/cli/config/eslint-factory');

/**
 * Of everything that is no package; packages have a configuration of their own that adds
 * the import rules of their room.
 */
const { ignorePatterns, overrides, ...config } = createConfig(__dirname, {
  rules: {
    'no-console': 'off',
    // Asks for package.json files that these folders do not have.
    '@backstage/no-undeclared-imports': 'off',
    // node:test counts as a test runner whose tests are no jest tests.
    'jest/expect-expect': 'off',
    'jest/no-standalone-expect': 'off',
    // Tests that are made in a loop use what beforeEach sets.
    'no-loop-func': 'off',
  },
});

const folders = ['.eslint', 'bench', 'scripts', 'skeleton', 'tests'];

module.exports = {
  root: true,
  ignorePatterns: ['!.eslint', 'node_modules', 'dist', 'bench/results'],
  overrides: [
    {
      files: folders.map(folder => `${folder}/**/*.{js,mjs,cjs,ts,tsx}`),
      ...config,
      parserOptions: { ...config.parserOptions, ecmaVersion: 2024 },
    },
    ...overrides
      .filter(({ files }) => files.includes('**/*.ts?(x)'))
      .map(override => ({
        ...override,
        files: folders.map(folder => `${folder}/**/*.ts?(x)`),
      })),
    {
      files: ['skeleton/public/**/*.js'],
      env: { browser: true },
      rules: { 'no-undef': 'error' },
    },
  ],
};
