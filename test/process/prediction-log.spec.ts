import { join } from 'node:path';
import { openStore } from '#monitoring';
import { EXAMPLE, temporaryFolder } from '#testing';
import { ServerProcess } from '../helper/server-process.js';

const folder = temporaryFolder();
const body = JSON.stringify(EXAMPLE);

afterEach(() => ServerProcess.killAll());

it.each([1, 2])(
  'All that was answered is in the store when a server of %d workers has ended, without a word of warning',
  async (workers) => {
    const store = join(folder, `store${workers}`);
    const environment = { MONITOR_ENABLED: 'true', MONITOR_STORE: store };
    const server = await ServerProcess.ready(['--workers', String(workers)], environment);
    await server.until(() => server.pids.length === workers);
    const answers = await Promise.all(Array.from({ length: 40 }, () => server.ask('/predict', { body })));
    const ids = answers.map(({ text }) => (JSON.parse(text) as { prediction_id: string }).prediction_id);
    server.signal('SIGTERM');
    expect((await server.ended).code).toBe(0);

    expect(server.lines.filter(({ level }) => level !== 'info')).toEqual([]);
    const reader = await openStore({ store, schema: '', maxBytes: 1e9 });
    expect([...(await reader.known(ids)).keys()].sort()).toEqual(ids.sort());
  },
);
