import * as bundle from '#bundle';
import { RandomStream } from '#kit';
import * as monitoring from '#monitoring';
import { missing, shift, spread, unitError, unseen } from './changes.mjs';
import { watchStream } from './stream.mjs';

/**
 * The short form of the simulation, for test/drift.spec.ts: 100 streams of stable data and 30 with a drift, all of one seed. Prints
 * what was found. A process of its own: in the sandbox of a test runner every `Math.sqrt` costs ten times as much.
 */
const SEED = 18;
const watched = { ...monitoring, bundle };
const opened = (stream, options) =>
  watchStream(watched, new RandomStream(SEED, stream), options).filter(({ kind }) => kind === 'opened');

/** Without a floor, so that nothing but the tests keeps the budget. */
const STABLE = { days: 30, watch: { floor: { points: 0, pointsWhereDoubled: 0 } } };
const BATCHES = { rowsPerDay: 400, baselineRows: 10_000, batch: 50 };
const stable = [
  ...[200, 800, 10_000].map((baselineRows) => ({ streams: 24, options: { rowsPerDay: 40, baselineRows } })),
  ...[0.1, 0.5].flatMap((correlation) =>
    ['batches', 'alone'].map((arrival) => ({ streams: 7, options: { ...BATCHES, correlation, arrival } })),
  ),
];
const drifts = [
  ['0.5 standard deviations', 'c0', shift(0.5)],
  ['0.25 standard deviations', 'c0', shift(0.25)],
  ['a quarter more spread', 'c0', spread(1.25)],
  ['5 % missing', 'c0', missing(0.05)],
  ['a unit error in 1 % of rows', 'c1', unitError(0.01)],
  ['1 % of a category never seen', 'c16', unseen(0.01)],
];

const falseAlarms = stable.map(({ streams, options }) => {
  let alarms = 0;
  for (let s = 0; s < streams; s++) alarms += opened(s, { ...STABLE, ...options }).length;
  return { ...options, streams, perStream: alarms / streams };
});
const found = drifts.map(([drift, column, alter]) => {
  let [within, elsewhere] = [0, 0];
  for (let s = 0; s < 5; s++) {
    const alarms = opened(s, { days: 1, rowsPerDay: 1_000, baselineRows: 10_000, alter });
    if (alarms.some((alarm) => alarm.column === column)) within++;
    elsewhere += alarms.filter((alarm) => alarm.column !== column).length;
  }
  return { drift, within: within / 5, elsewhere };
});
console.log(JSON.stringify({ seed: SEED, falseAlarms, found, cpuSeconds: process.cpuUsage().user / 1e6 }));
