import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openStore } from '../dist/libs/monitoring/src/index.js';
import { atMost, show } from './goal.mjs';

/**
 * So many labels taken by `feedback import`: `node bench/labels.mjs` after a build, or with `--store postgres://user@host/database`.
 * Their predictions lie a day back, half of them in files and half still in segments where the store is a folder.
 */
const { values } = parseArgs({
  options: { labels: { type: 'string', default: '1000000' }, store: { type: 'string' } },
});
const labels = Number(values.labels);
const BATCH = 5_000;
const DAY = 86_400_000;

const folder = mkdtempSync(join(tmpdir(), 'skewless-labels-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'labels.csv');
const settings = { store: values.store ?? join(folder, 'store'), schema: 'skewless_labels', maxBytes: 2 ** 31 };

/** Of the minutes of a day. */
const idOf = (n) => {
  const time = (Date.now() - 2 * DAY + ((n * 86_400) % DAY)).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${n.toString(16).padStart(12, '0')}`;
};

async function answer(ids) {
  const store = await openStore(settings);
  const producer = randomUUID();
  const all = (value) => Array(BATCH).fill(value);
  for (let start = 0; start < ids.length; start += BATCH) {
    await store.append({
      producer,
      sequence: start / BATCH + 1,
      rows: {
        ids: ids.slice(start, start + BATCH),
        externalIds: all(null),
        models: all('customers'),
        versions: all('1'),
        predictions: all('yes'),
        scores: all(0.75),
        slices: all(null),
        raw: all(null),
        weights: all(null),
      },
    });
    // What a server does of which nothing was written for two minutes.
    if (!values.store && start + BATCH >= ids.length / 2 && start < ids.length / 2) await settle(store);
  }
  await store.close();
}

/** Moves the segments that are there into files. */
async function settle(store) {
  await store.close();
  const { FileStore } = await import('../dist/libs/monitoring/src/store/file/file-store.js');
  const later = new FileStore({ folder: settings.store, maxBytes: 2 ** 31, now: () => Date.now() + 600_000 });
  await later.prune({ rows: 0, minutes: 0, hours: 0, days: 0 });
  await later.close();
}

/** User and system time of the processes that this one has waited for, in seconds. */
function childrenCpu() {
  const stat = readFileSync('/proc/self/stat', 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

const ids = Array.from({ length: labels }, (_, n) => idOf(n));
await answer(ids);
writeFileSync(file, `prediction_id,label\n${ids.map((id) => `${id},yes\n`).join('')}`);

const [begun, cpu] = [performance.now(), childrenCpu()];
const { status, stdout, stderr } = spawnSync(
  process.execPath,
  ['dist/cli/main.js', 'feedback', 'import', file, '--json'],
  {
    encoding: 'utf8',
    env: {
      ...process.env,
      MONITOR_STORE: settings.store,
      MONITOR_SCHEMA: settings.schema,
      MONITOR_MAX_BYTES: String(settings.maxBytes),
    },
  },
);
const took = (performance.now() - begun) / 1_000;
if (status !== 0) throw new Error(stderr);
const { accepted } = JSON.parse(stdout);
if (accepted !== labels) throw new Error(`${accepted} of ${labels} labels were accepted: ${stdout}`);
const says = `${(childrenCpu() - cpu).toFixed(1)} s of CPU in the command${values.store ? ', besides that of PostgreSQL' : ''}`;
console.log(show(atMost(`${labels.toLocaleString('en')} labels by feedback import, seconds`, took, 60, says)));
