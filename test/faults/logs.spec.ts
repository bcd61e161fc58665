import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fillLog, lostLines } from '../helper/process-faults.js';
import { ServerProcess } from '../helper/server-process.js';
import { faultsOf } from './helper/fault.js';
import { diskFaultsOf } from './helper/tiny-disk.js';

const fault = faultsOf('Logs that cannot be written');
afterEach(() => ServerProcess.killAll());

const EXPECTED =
  'requests are answered; lines are dropped, counted, and reported once the log works again; exit code 0';

fault('a log that nobody reads', { load: 'requests until lines are lost', expected: EXPECTED }, async () => {
  const server = await ServerProcess.ready([], {}, 'unread');
  const answered = await fillLog(server);
  server.readLog();
  const lost = await server.until(() => lostLines(server.stdout));
  server.signal('SIGTERM');
  expect(await server.ended).toEqual({ code: 0, signal: null });
  return `${answered} answered, ${lost} lines dropped and reported, exit code 0`;
});

diskFaultsOf(fault, 64)(
  'a full disk under the log, then room again',
  { load: 'requests until lines are lost', expected: EXPECTED },
  async (disk) => {
    const path = join(disk.path, 'log');
    const log = openSync(path, 'a');
    const server = await ServerProcess.ready([], {}, log);
    closeSync(log);
    const answered = await fillLog(server);
    disk.resize(16_384);
    const lost = await server.until(async () => {
      // A line is written of this one: what was lost is told behind the next that is not.
      await server.ask('/');
      return lostLines(readFileSync(path, 'utf8'));
    });
    server.signal('SIGTERM');
    expect(await server.ended).toEqual({ code: 0, signal: null });
    return `${answered} answered, ${lost} lines dropped and reported, exit code 0`;
  },
);
