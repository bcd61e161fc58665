import base from '../../jest.config.js';

/** Against the real counterparts, which are installed on the first run: two specs at a time, as most wait for others. */
export default {
  ...base,
  rootDir: '../..',
  roots: ['<rootDir>/test/peers'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 900_000,
  maxWorkers: 2,
  globalSetup: '<rootDir>/test/peers/helper/install-tools.mjs',
};
