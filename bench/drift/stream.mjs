import { COLUMNS, drawRows } from './table.mjs';

const [HOUR, DAY] = [3_600_000, 86_400_000];
const START = Date.UTC(2026, 0, 1);

/** Traffic follows the day: from 0.2 to 1.8 of the mean. */
const rate = (minute) => 1 - 0.8 * Math.cos((2 * Math.PI * minute) / 1440);

function poissonDraw(random, mean) {
  if (mean > 50)
    return Math.max(
      0,
      Math.round(
        mean +
          Math.sqrt(mean) *
            (random.uniform() + random.uniform() + random.uniform() + random.uniform() - 2) *
            Math.sqrt(3),
      ),
    );
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random.uniform(); product > limit; product *= random.uniform()) count++;
  return count;
}

/** A model's version as the watch sees it: its baseline counted from `rows` rows drawn as later ones are. */
export function drawModel({ MonitorPlan, bundle }, random, rows, change) {
  const { columns, scores } = drawRows(random, rows);
  const vocabularies = COLUMNS.map(({ type }, c) =>
    type === 'category' ? [...new Set(columns[c].filter((value) => value === value))] : undefined,
  );
  const codes = vocabularies.map((values, c) => {
    if (!values) return undefined;
    const codeOf = new Int32Array(COLUMNS[c].values).fill(-1);
    values.forEach((value, code) => (codeOf[value] = code));
    return codeOf;
  });
  const coded = (all) =>
    all.map((values, c) =>
      codes[c] ? values.map((value) => (value === value ? (codes[c][value] ?? -1) : NaN)) : values,
    );
  const cells = Object.fromEntries(
    coded(columns).map((values, c) => [
      `c${c}`,
      codes[c] ? bundle.categoryCells(values, vocabularies[c]) : bundle.numberCells(values),
    ]),
  );
  const predicted = scores.map((score) => (score > 0.5 ? 1 : 0));
  const labels = scores.map((score) => (random.uniform() < score ? 1 : 0));
  const baseline = {
    format_version: 2,
    rows,
    columns: {},
    cells,
    scores: bundle.classScoreTable({ scores, predicted, labels, classes: 2 }),
  };
  const inputs = COLUMNS.map(({ type }, c) => ({ name: `c${c}`, type, values: vocabularies[c] }));
  const plan = new MonitorPlan({ inputs, classes: [0, 1], baseline: change ? change(baseline) : baseline });
  return { plan, coded };
}

/**
 * Watches a made-up stream: rows arrive by the minute, hours are closed, windows judged.
 *
 * @param monitoring the functions of libs/monitoring, and `bundle`, those of libs/bundle
 * @param alter changes the rows of an hour in place, given its day: a drift to be found
 * @param arrival 'alone' or 'batches': whether rows of a batch come in one request
 * @returns what the watch told, times in days since the start
 */
export function watchStream(monitoring, random, options) {
  const { days, rowsPerDay, baselineRows, batch = 1, correlation = 0, arrival = 'alone' } = options;
  const { alter, watch = {}, change } = options;
  const { plan, coded } = drawModel(monitoring, random, baselineRows, change);
  let state = { closedUpTo: START, since: START, episodes: [] };
  const ended = [];
  let today = [];
  const told = [];
  const pool = Array.from({ length: 60 }, () => new Float64Array(plan.length));
  for (let hour = 0; hour < 24 * days; hour++) {
    const sizes = Array.from({ length: 60 }, (_, minute) => {
      const mean = (rowsPerDay / 1440) * rate((hour % 24) * 60 + minute);
      return batch * poissonDraw(random, mean / batch);
    });
    const rows = sizes.reduce((sum, size) => sum + size, 0);
    const drawn = drawRows(random, rows, { batch, correlation });
    alter?.(drawn, hour / 24, random);
    const batchOfRows = {
      columns: coded(drawn.columns),
      scores: drawn.scores,
      predicted: drawn.scores.map((score) => (score > 0.5 ? 1 : 0)),
    };
    const minutes = [];
    let start = 0;
    for (const size of sizes) {
      if (size === 0) continue;
      const cells = pool[minutes.length].fill(0);
      plan.count(batchOfRows, start, size, cells);
      minutes.push({ rows: size, calls: arrival === 'alone' ? size : size / batch, cells });
      start += size;
    }
    const from = START + hour * HOUR;
    today.push({ from, counts: monitoring.closeHour(plan, minutes) });
    const now = from + HOUR + 120_000;
    if (now % DAY === 120_000) {
      ended.push({
        from: from + HOUR - DAY,
        counts: monitoring.addHours(
          plan,
          today.map(({ counts }) => counts),
        ),
      });
      today = today.slice(-1);
    }
    // Whole days where a window needs no less.
    const hoursOf = (low, high) =>
      (high - low > HOUR ? ended : today)
        .filter((part) => part.from >= low && part.from < high)
        .map(({ counts }) => counts);
    const step = monitoring.closeWindows(plan, state, now, hoursOf, watch);
    state = step.state;
    if (now % DAY === 120_000) today = [];
    for (const { kind, at, episode } of step.events) told.push({ kind, at: (at - START) / DAY, ...episode.alarm });
  }
  return told;
}
