/**
 * Preloaded into a process (`node --require`), kills it as the kernel would, just before the file operation that KILL_AT
 * counts to: the first that would change something below KILL_BELOW is 1. Every point between two changes can be tried; with
 * KILL_WRITES also those before a write to an open file, a sync, and what is done synchronously.
 */
const { beforeOperations } = require('./before-operations.cjs');

const { KILL_AT, KILL_BELOW, KILL_WRITES } = process.env;
let operations = 0;

beforeOperations(KILL_BELOW, KILL_WRITES === '1', () => {
  if (++operations === Number(KILL_AT)) process.kill(process.pid, 'SIGKILL');
});
