const INDEPENDENT = { rowsPerDay: 1_000, baselineRows: 10_000 };
const SMALL_BASELINE = { rowsPerDay: 1_000, baselineRows: 800 };
const TINY_BASELINE_MANY_ROWS = { rowsPerDay: 20_000, baselineRows: 200 };
const BATCHES = { rowsPerDay: 1_000, baselineRows: 10_000, batch: 50, correlation: 0.1, arrival: 'batches' };

const DRIFT = 'libs/monitoring/src/drift';
const CELLS = 'libs/monitoring/src/cells';
const TEST = 'logFisherExact(sample, before, stopAbove)';

/**
 * Mistakes that somebody could make in the watch: a text of the built code, what stands there instead, and the streams on which it
 * breaks the budget. Without the mistake none of these streams alarms. (That each column has the level of all, budget.spec.ts notices.)
 */
export const MUTANTS = [
  {
    name: "the baseline's shares are taken for the truth",
    file: `${DRIFT}/judge-column.js`,
    from: TEST,
    to: 'logFisherExact(sample, { count: 1e6 * before.count, rows: 1e6 * before.rows }, stopAbove)',
    options: SMALL_BASELINE,
  },
  {
    name: 'rows of batches count as independent',
    file: `${DRIFT}/judge-column.js`,
    from: 'window.isIndependent || exact > stopAbove',
    to: 'true',
    options: BATCHES,
  },
  {
    name: 'a value at an edge is in the next bin',
    file: `${CELLS}/column-plan.js`,
    from: 'value > ends[',
    to: 'value >= ends[',
    options: INDEPENDENT,
  },
  {
    name: 'the baseline is counted without its missing values',
    file: 'libs/bundle/src/baseline/cells.js',
    from: 'const missing = values.length - sorted.length',
    to: 'const missing = 0',
    options: INDEPENDENT,
  },
  {
    name: "outside is not scaled down to the baseline's size",
    file: `${DRIFT}/judge-column.js`,
    from: "window.column.splits[s].kind === 'outside'",
    to: 'false',
    options: TINY_BASELINE_MANY_ROWS,
  },
  {
    name: 'nothing is outside in the baseline',
    file: `${CELLS}/column-plan.js`,
    from: 'if (counts[cell] === 0)',
    to: 'if (true)',
    options: INDEPENDENT,
  },
  {
    name: 'values that occur once are left in their bins too',
    file: `${CELLS}/column-plan.js`,
    from: 'counts[cell]--',
    to: '',
    options: INDEPENDENT,
  },
  {
    name: 'a z-test stands for the exact one',
    file: `${DRIFT}/judge-column.js`,
    from: TEST,
    to: 'logNormalTails(sample, before)',
    more: `
      function logNormalTails(one, other) {
        const pooled = (one.count + other.count) / (one.rows + other.rows);
        const variance = pooled * (1 - pooled) * (1 / one.rows + 1 / other.rows);
        const z = Math.abs(one.count / one.rows - other.count / other.rows) / Math.sqrt(variance);
        return z > 1 ? -0.5 * z * z - Math.log(z * Math.sqrt(Math.PI / 2)) : 0;
      }`,
    options: INDEPENDENT,
  },
];
