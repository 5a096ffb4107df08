export default {
  testEnvironment: 'node',
  testRegex: '(apps|libs|test)/.*\\.(int-|e2e-)?spec\\.ts$',
  modulePathIgnorePatterns: ['<rootDir>/dist'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', {
      jsc: { parser: { syntax: 'typescript', decorators: true }, transform: { legacyDecorator: true, decoratorMetadata: true }, target: 'es2023', keepClassNames: true },
      module: { type: 'es6' }, sourceMaps: 'inline',
    }],
  },
  moduleNameMapper: { '^#([a-z]+)$': '<rootDir>/libs/$1/src/index.ts', '^(\\.{1,2}/.*)\\.js$': '$1' },
  setupFiles: ['<rootDir>/test/support/jest.setup.mjs'],
  globalSetup: './test/support/global-setup.mjs',
  globalTeardown: './test/support/global-teardown.mjs',
  // As many at a time as there are cores.
  maxWorkers: '100%',
  // What a suite of ES modules leaves behind is never freed; beyond this a worker is replaced before its next suite.
  workerIdleMemoryLimit: '1GB',
  testTimeout: 120_000,
};
