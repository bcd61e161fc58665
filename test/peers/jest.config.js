import base from '../../jest.config.js';

/** Against the real counterparts, which are installed on the first run: one spec at a time, as most start servers. */
export default {
  ...base,
  rootDir: '../..',
  roots: ['<rootDir>/test/peers'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 900_000,
  maxWorkers: 1,
};
