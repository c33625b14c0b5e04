const config = require('../../.eslint/packageConfig')(__dirname);

module.exports = {
  ...config,
  // Files of a project's repository, with dependencies of their own.
  ignorePatterns: [...config.ignorePatterns, 'own-services/**'],
};
