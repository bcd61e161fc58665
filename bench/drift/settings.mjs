import { missing, shift, spread, unitError, unseen } from './changes.mjs';

/** Without a floor, so that nothing but the tests keeps the budget. */
export const NO_FLOOR = { floor: { points: 0, pointsWhereDoubled: 0 } };
/** Expected false alarms in 30 days, and what a mean over 2,000 streams may be above it by chance; of batches of alike rows. */
export const MOST_ALARMS = { alone: 0.121, batches: 0.15 };
export const DAYS = 30;

/** Drifts, each with the column that has it. */
export const DRIFTS = [
  { drift: '0.5 standard deviations', ...shift(0.5) },
  { drift: '0.25 standard deviations', ...shift(0.25) },
  { drift: '0.15 standard deviations', ...shift(0.15) },
  { drift: '0.1 standard deviations', ...shift(0.1) },
  { drift: 'a quarter more spread', ...spread(1.25) },
  { drift: '5 % missing', ...missing(0.05) },
  { drift: 'a unit error in 1 % of rows', ...unitError(0.01) },
  { drift: '1 % of a category never seen', ...unseen(0.01) },
];

/** The same with other settings, for the long form alone. */
export const MORE_DRIFTS = [
  { drift: '0.1 standard deviations, no floor', watch: NO_FLOOR, ...shift(0.1) },
  { drift: '5 % missing, 12,000 rows a day', rowsPerDay: 12_000, ...missing(0.05) },
];

const of = (list, make) => list.flatMap(make);

/** Streams of stable data for the long form: independent rows, and batches of alike rows that come in one request or one by one. */
export const STABLE = [
  ...of([200, 800, 10_000], (baselineRows) => of([30, 1_000, 20_000], (rowsPerDay) => [{ baselineRows, rowsPerDay }])),
  ...of([0.1, 0.5], (correlation) =>
    of(['batches', 'alone'], (arrival) =>
      of([100, 1_000, 20_000], (rowsPerDay) => [{ baselineRows: 10_000, rowsPerDay, batch: 50, correlation, arrival }]),
    ),
  ),
  { baselineRows: 100_000, rowsPerDay: 1_000 },
];
