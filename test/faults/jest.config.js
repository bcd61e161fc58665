import base from '../../jest.config.js';

/** Faults on purpose: one at a time, as each wants the machine for itself. */
export default {
  ...base,
  rootDir: '../..',
  roots: ['<rootDir>/test/faults'],
  testPathIgnorePatterns: ['/node_modules/'],
  maxWorkers: 1,
  globalSetup: '<rootDir>/test/faults/helper/begin-record.cjs',
  globalTeardown: '<rootDir>/test/faults/helper/write-table.cjs',
};
