import * as bundle from '#bundle';
import { RandomStream } from '#kit';
import * as monitoring from '#monitoring';
import { DAYS, DRIFTS, NO_FLOOR } from './settings.mjs';
import { watchStream } from './stream.mjs';

/**
 * The short form of the simulation, for test/drift.spec.ts: 100 streams of stable data and 30 with a drift, all of one seed. Prints
 * what was found. A process of its own: in the sandbox of a test runner every `Math.sqrt` costs ten times as much.
 */
const SEED = 18;
/** Drifts that a day of 1,000 rows shows. */
const PLAIN = DRIFTS.filter(({ drift }) => !/^0\.1/.test(drift));
const opened = (stream, options) =>
  watchStream({ ...monitoring, bundle }, new RandomStream(SEED, stream), options).filter(
    ({ kind }) => kind === 'opened',
  );

const BATCHES = { rowsPerDay: 400, baselineRows: 10_000, batch: 50 };
const stable = [
  ...[200, 800, 10_000].map((baselineRows) => ({ streams: 24, options: { rowsPerDay: 100, baselineRows } })),
  ...[0.1, 0.5].flatMap((correlation) =>
    ['batches', 'alone'].map((arrival) => ({ streams: 7, options: { ...BATCHES, correlation, arrival } })),
  ),
];
const falseAlarms = stable.map(({ streams, options }) => {
  let alarms = 0;
  for (let s = 0; s < streams; s++) alarms += opened(s, { days: DAYS, watch: NO_FLOOR, ...options }).length;
  return { ...options, streams, perStream: alarms / streams };
});
/** @returns in which share of the streams the drift is found within a week, and alarms of columns that have none */
const found = PLAIN.map(({ drift, ...change }) => {
  const isThere = ({ kind, column }) => kind === 'opened' && column === `c${change.column}`;
  let [within, elsewhere] = [0, 0];
  for (let s = 0; s < 5; s++) {
    const isOver = (told) => told.some(isThere);
    const alarms = opened(s, { days: 7, rowsPerDay: 1_000, baselineRows: 10_000, change, isOver });
    if (alarms.some(isThere)) within++;
    elsewhere += alarms.filter((alarm) => !isThere(alarm)).length;
  }
  return { drift, within: within / 5, elsewhere };
});
console.log(JSON.stringify({ seed: SEED, falseAlarms, found, cpuSeconds: process.cpuUsage().user / 1e6 }));
