import { join } from 'node:path';
import { openStore } from '#monitoring';
import { EXAMPLE, temporaryFolder, until } from '#testing';
import { sampleOf } from '../helper/metrics-text.js';
import { ServerProcess } from '../helper/server-process.js';
import { faultsOf } from './helper/fault.js';
import { diskFaultsOf } from './helper/tiny-disk.js';

const fault = faultsOf('The log of predictions');
const folder = temporaryFolder();
const body = JSON.stringify(EXAMPLE);
const CLIENTS = 8;
/** So many are in the log before a kill. */
const ROWS = 500;

afterEach(() => ServerProcess.killAll());

const timeOf = (id: string): number => parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
const predict = async (server: ServerProcess): Promise<string> => {
  const { status, text } = await server.ask('/predict', { body });
  expect(status).toBe(200);
  return (JSON.parse(text) as { prediction_id: string }).prediction_id;
};

/** How many rows became so, as the metrics say. */
const rowsIn = (text: string, outcome: string): number =>
  sampleOf(text, 'skewless_monitor_rows_total', { model: 'random_forest', outcome })!;

async function tally(server: ServerProcess): Promise<{ logged: number; dropped: number; up: number }> {
  const text = await until(async () => {
    const { text } = await server.ask('/metrics');
    return sampleOf(text, 'skewless_monitor_buffer_rows', {}) === 0 && text;
  });
  return {
    logged: rowsIn(text, 'logged'),
    dropped: rowsIn(text, 'dropped'),
    up: sampleOf(text, 'skewless_monitor_store_up', {})!,
  };
}

fault(
  'kill -9 of a server that answers',
  {
    load: `${CLIENTS} clients without a pause`,
    expected: 'what the metrics call logged is in the store, which reads: only the last moments are lost',
  },
  async () => {
    const store = join(folder, 'killed');
    const server = await ServerProcess.ready([], { MONITOR_ENABLED: 'true', MONITOR_STORE: store });
    const ids: string[] = [];
    let isOver = false;
    const client = async (): Promise<void> => {
      while (!isOver) ids.push(await predict(server));
    };
    const clients = Array.from({ length: CLIENTS }, () => client().catch(() => undefined));
    const logged = await server.until(async () => {
      const count = rowsIn((await server.ask('/metrics')).text, 'logged');
      return count >= ROWS && count;
    });
    server.signal('SIGKILL');
    isOver = true;
    await Promise.all([server.ended, ...clients]);
    const reader = await openStore({ store, schema: '', maxBytes: 1e9 });
    const known = await reader.known(ids);
    await reader.close();
    const last = Math.max(...ids.map(timeOf));
    const lost = ids.filter((id) => !known.has(id));
    const longest = lost.length === 0 ? 0 : last - Math.min(...lost.map(timeOf));
    expect(known.size).toBeGreaterThanOrEqual(logged);
    return `${ids.length} answered; ${lost.length} lost, the oldest ${longest} ms before the last answer`;
  },
);

diskFaultsOf(fault, 64)(
  'a full disk below the store',
  {
    load: 'predictions until records are dropped',
    expected: 'every prediction is answered, every record is there or counted as dropped; with room it goes on',
  },
  async (disk) => {
    const store = join(disk.path, 'store');
    const server = await ServerProcess.ready([], { MONITOR_ENABLED: 'true', MONITOR_STORE: store });
    let answered = 0;
    const ask = async (): Promise<void> => {
      await Promise.all(Array.from({ length: 100 }, () => predict(server)));
      answered += 100;
    };
    let full = await tally(server);
    while (full.dropped === 0) {
      await ask();
      full = await tally(server);
    }
    expect(full.logged + full.dropped).toBe(answered);
    expect(full.up).toBe(0);
    disk.resize(8_192);
    await ask();
    const after = await tally(server);
    expect(after).toEqual({ logged: full.logged + 100, dropped: full.dropped, up: 1 });
    const reader = await openStore({ store, schema: '', maxBytes: 1e9 });
    let records = 0;
    for await (const row of reader.predictions({ model: 'random_forest', from: 0, to: Number.MAX_SAFE_INTEGER })) {
      if (row) records++;
    }
    await reader.close();
    expect(records).toBe(after.logged);
    return `${answered} answered, none refused; ${after.dropped} records dropped and counted, ${records} there`;
  },
);
