/** Tests of all services; `npm test -- kit` runs those of one folder. */
module.exports = {
  testEnvironment: 'node',
  // Some start processes, and small runners of CI are slow at it.
  testTimeout: 20_000,
  testMatch: ['<rootDir>/*/src/**/*.test.ts'],
  modulePathIgnorePatterns: ['/dist/'],
  transform: { '\\.[cm]?[jt]s$': '<rootDir>/jest.transform.cjs' },
  // Packages that are ES modules alone have to be CommonJS for Jest; these are neither.
  transformIgnorePatterns: ['/node_modules/(?:typescript|esbuild|jest-.*)/'],
};
