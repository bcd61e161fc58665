import { drawersOf, drawModel } from './model.mjs';
import { normals, poissonDraw } from './normal.mjs';

const [HOUR, DAY] = [3_600_000, 86_400_000];
/** What closing waits for. */
const GRACE = 120_000;
const START = Date.UTC(2026, 0, 1);

/** Traffic follows the day: from 0.2 to 1.8 of the mean. */
const rate = (minute) => 1 - 0.8 * Math.cos((2 * Math.PI * minute) / 1440);

/**
 * Watches a made-up stream: cells of rows are drawn minute by minute, hours are closed, windows judged.
 *
 * @param watched the functions of libs/monitoring, and `bundle`, those of libs/bundle
 * @param options.batch rows that follow each other and are alike, 1 for none; `arrival` says whether they come in one request
 * @param options.change a drift from the first row on
 * @param options.isOver asked after each event: whether what follows is of no interest
 * @returns what the watch told, times in days since the start
 */
export function watchStream(watched, random, options) {
  const { days, rowsPerDay, baselineRows, batch = 1, correlation = 0, arrival = 'alone', change } = options;
  const { watch = {}, isOver = () => false } = options;
  const model = drawModel(watched, random, baselineRows);
  const drawers = drawersOf(model, change);
  const { plan } = model;
  const normal = normals(random);
  const pool = Array.from({ length: 60 }, () => new Float64Array(plan.length));
  const drawMinute = (minute, cells) => {
    const rows = batch * poissonDraw(random, ((rowsPerDay / 1440) * rate(minute)) / batch);
    if (rows === 0) return [];
    cells.fill(0);
    for (const drawer of drawers) {
      if (correlation > 0) drawer.drawAlike(random, normal, rows, { batch, correlation }, cells);
      else drawer.drawAlone(random, rows, cells);
    }
    return [{ rows, calls: arrival === 'alone' ? rows : rows / batch, cells }];
  };
  let state = { closedUpTo: START, since: START, episodes: [] };
  /** Whole days, and the hours of the one that goes on. */
  const [ended, told] = [[], []];
  let today = [];
  for (let hour = 0; hour < 24 * days; hour++) {
    const from = START + hour * HOUR;
    const minutes = pool.flatMap((cells, minute) => drawMinute((hour % 24) * 60 + minute, cells));
    today.push({ from, counts: watched.closeHour(plan, minutes) });
    const isMidnight = today.length === 24;
    if (isMidnight)
      ended.push({
        from: from + HOUR - DAY,
        counts: watched.addHours(
          plan,
          today.map(({ counts }) => counts),
        ),
      });
    const hoursOf = (low, high) =>
      (high - low > HOUR ? ended : today)
        .filter((part) => part.from >= low && part.from < high)
        .map(({ counts }) => counts);
    const step = watched.closeWindows(plan, state, from + HOUR + GRACE, hoursOf, watch);
    state = step.state;
    if (isMidnight) today = [];
    for (const { kind, at, episode } of step.events) told.push({ kind, at: (at - START) / DAY, ...episode.alarm });
    if (step.events.length > 0 && isOver(told)) break;
  }
  return told;
}
