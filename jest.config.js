/** @type {import('jest').Config} */
export default {
  // Ends what hangs: whole processes are started in tests, and nothing depends on how fast a machine is.
  testTimeout: 600_000,
  // Jest keeps one core for itself, which would be one of two; what tests start is on free ports and in folders of its own.
  maxWorkers: '100%',
  testSequencer: '<rootDir>/test/helper/long-first.cjs',
  testEnvironment: '<rootDir>/test/helper/onnx-environment.cjs',
  setupFilesAfterEnv: ['<rootDir>/test/helper/equal-numbers.cjs'],
  // As in tsconfig.json: `#name` of package.json is a lib's source, not what was built of it.
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/config', '<rootDir>/test'],
  testMatch: ['**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/faults/', '<rootDir>/test/peers/'],
  transform: {
    '^.+\\.ts$': [
      '<rootDir>/test/helper/bound-globals.cjs',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          target: 'es2022',
        },
        module: { type: 'es6' },
      },
    ],
  },
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
};
