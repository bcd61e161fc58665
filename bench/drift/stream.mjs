import { drawersOf, drawModel } from './model.mjs';
import { normals, poissonDraw } from './normal.mjs';
import { drawRows } from './table.mjs';

const [HOUR, DAY] = [3_600_000, 86_400_000];
/** What closing waits for. */
const GRACE = 120_000;
const START = Date.UTC(2026, 0, 1);

/** Traffic follows the day: from 0.2 to 1.8 of the mean. */
const rate = (minute) => 1 - 0.8 * Math.cos((2 * Math.PI * minute) / 1440);

/**
 * Closes hours, and judges their windows.
 *
 * @param watched the functions of libs/monitoring
 * @param minutesOf the counts of an hour's minutes, by the place of the hour
 * @param isOver asked after each event: whether what follows is of no interest
 * @returns what the watch told, times in days since the start
 */
export function watchHours(watched, plan, days, minutesOf, watch = {}, isOver = () => false) {
  let state = { closedUpTo: START, since: START, episodes: [] };
  /** Whole days, and the hours of the one that goes on. */
  const [ended, told] = [[], []];
  let today = [];
  for (let hour = 0; hour < 24 * days; hour++) {
    const from = START + hour * HOUR;
    today.push({ from, counts: watched.closeHour(plan, minutesOf(hour)) });
    const isMidnight = today.length === 24;
    if (isMidnight) {
      const hours = today.map(({ counts }) => counts);
      ended.push({ from: from + HOUR - DAY, counts: watched.addHours(plan, hours) });
    }
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

/**
 * Watches a made-up stream, whose cells are drawn minute by minute.
 *
 * @param watched the functions of libs/monitoring, and `bundle`, those of libs/bundle
 * @param options.batch rows that follow each other and are alike, 1 for none; `arrival` says whether they come in one request
 * @param options.change a drift from the first row on
 */
export function watchStream(watched, random, options) {
  const { days, rowsPerDay, baselineRows, batch = 1, correlation = 0, arrival = 'alone', change } = options;
  const model = drawModel(watched, random, drawRows(random, baselineRows));
  const drawers = drawersOf(model, change);
  const normal = normals(random);
  const pool = Array.from({ length: 60 }, () => new Float64Array(model.plan.length));
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
  const minutesOf = (hour) => pool.flatMap((cells, minute) => drawMinute((hour % 24) * 60 + minute, cells));
  return watchHours(watched, model.plan, days, minutesOf, options.watch, options.isOver);
}
