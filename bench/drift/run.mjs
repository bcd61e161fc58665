import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as bundle from '#bundle';
import { RandomStream } from '#kit';
import * as monitoring from '#monitoring';
import { DAYS, DRIFTS, MORE_DRIFTS, NO_FLOOR, STABLE } from './settings.mjs';
import { watchStream } from './stream.mjs';

/**
 * The long form of the simulation, after a build: `node bench/drift/run.mjs --streams 500` watches as many streams of each setting,
 * those counted that `results.json` (`--results <file>`) has already; `--streams 500 --drifts 200` also as many of each drift. A stream depends on its
 * number alone, so that a run may be ended at any time and goes on where it was.
 */
const SEED = 20_261;
/** Of a setting before the next one has its turn, so that a run which is ended has more of those that take less. */
const TURN_MILLISECONDS = 4_000;
/** Of rows without batches; a day of them has about 1,000. */
const DRIFTING = { baselineRows: 10_000, rowsPerDay: 1_000 };
const LONGEST_DAYS = 28;

const { values } = parseArgs({
  options: {
    streams: { type: 'string', default: '100' },
    drifts: { type: 'string', default: '0' },
    results: { type: 'string', default: join(import.meta.dirname, 'results.json') },
  },
});
const results = existsSync(values.results)
  ? JSON.parse(readFileSync(values.results, 'utf8'))
  : { seed: SEED, stable: [], drifts: [] };
const watch = (stream, options) => watchStream({ ...monitoring, bundle }, new RandomStream(SEED, stream), options);
const isOpened = ({ kind }) => kind === 'opened';

function entryOf(list, key, fresh) {
  const same = (entry) => Object.entries(key).every(([name, value]) => entry[name] === value);
  const there = list.find((entry) => same(entry));
  if (there) return there;
  const entry = { ...key, ...fresh };
  list.push(entry);
  return entry;
}

function keep() {
  const lines = (list) => list.map((entry) => `  ${JSON.stringify(entry)}`).join(',\n');
  const { seed, stable, drifts } = results;
  const text = `{"seed":${seed},"stable":[\n${lines(stable)}\n],"drifts":[\n${lines(drifts)}\n]}\n`;
  writeFileSync(`${values.results}.tmp`, text);
  renameSync(`${values.results}.tmp`, values.results);
}

/** @returns whether there is more to do */
function watchStable(options, streams) {
  const entry = entryOf(results.stable, options, { streams: 0, alarms: 0, squares: 0, scales: {} });
  for (const end = performance.now() + TURN_MILLISECONDS; performance.now() < end && entry.streams < streams;) {
    const alarms = watch(entry.streams++, { days: DAYS, watch: NO_FLOOR, ...options }).filter(isOpened);
    entry.alarms += alarms.length;
    entry.squares += alarms.length ** 2;
    for (const { scale } of alarms) entry.scales[scale] = (entry.scales[scale] ?? 0) + 1;
  }
  keep();
  return entry.streams < streams;
}

function watchDrift({ drift, watch: judged, rowsPerDay = DRIFTING.rowsPerDay, ...change }, streams) {
  const options = { ...DRIFTING, rowsPerDay };
  const entry = entryOf(results.drifts, { drift, ...options }, { days: [], elsewhere: 0 });
  const isThere = (event) => isOpened(event) && event.column === `c${change.column}`;
  for (const end = performance.now() + TURN_MILLISECONDS; performance.now() < end && entry.days.length < streams;) {
    const isOver = (told) => told.some(isThere);
    const told = watch(entry.days.length, { days: LONGEST_DAYS, ...options, watch: judged, change, isOver });
    const found = told.find(isThere);
    entry.days.push(found ? Number(found.at.toFixed(2)) : null);
    entry.elsewhere += told.filter((event) => isOpened(event) && event.column !== `c${change.column}`).length;
  }
  keep();
  return entry.days.length < streams;
}

for (let isMore = true; isMore;) {
  const more = [
    ...STABLE.map((options) => watchStable(options, Number(values.streams))),
    ...[...DRIFTS, ...MORE_DRIFTS].map((drift) => watchDrift(drift, Number(values.drifts))),
  ];
  isMore = more.includes(true);
  console.log(`${results.stable.map(({ streams, alarms }) => `${alarms}/${streams}`).join(' ')}`);
}
