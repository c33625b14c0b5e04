const config = require('../.eslint/packageConfig')(__dirname);

module.exports = {
  ...config,
  overrides: [
    ...config.overrides,
    {
      // Writes the templates before the package is published; nothing published imports it.
      files: ['src/cdk/**'],
      rules: {
        '@backstage/no-undeclared-imports': 'off',
        // Constructs add themselves to the scope that they are given.
        'no-new': 'off',
      },
    },
  ],
};
