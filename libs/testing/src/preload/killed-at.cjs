/**
 * Preloaded into a process (`node --require`), kills it with SIGKILL just before its KILL_AT-th file operation that
 * changes something below KILL_BELOW, so that tests can try every point between two changes. With KILL_WRITES, writes
 * to open files, syncs and synchronous operations count, too.
 */
const { beforeOperations } = require('./before-operations.cjs');

const { KILL_AT, KILL_BELOW, KILL_WRITES } = process.env;
let operations = 0;

beforeOperations(KILL_BELOW, KILL_WRITES === '1', () => {
  if (++operations === Number(KILL_AT)) process.kill(process.pid, 'SIGKILL');
});
