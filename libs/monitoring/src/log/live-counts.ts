import type { MonitorPlan } from '../cells/monitor-plan.js';
import { toCellCounts } from '../counts/cell-counts.js';
import type { CellCount } from '../store/monitor-store.js';
import { UNITS } from '../store/units.js';
import { planOf, type WatchedVersion } from '../watch/watched-version.js';
import type { LogChunk } from './log-chunk.js';

/** While a store takes nothing, more minutes of a version become hours: memory has a bound, and no row goes uncounted. */
const MAX_MINUTES = 240;

interface Minute {
  rows: number;
  calls: number;
  readonly cells: Float64Array;
}

interface Counted {
  readonly watched: WatchedVersion;
  readonly plan: MonitorPlan;
  minutes: Map<number, Minute>;
}

const keyOf = ({ model, version }: { readonly model: string; readonly version: string }): string =>
  `${model}\n${version}`;

/** Counts every answered row by the minute of its id, until it is asked for what it has. */
export class LiveCounts {
  private readonly versions = new Map<string, Counted>();

  /** Counts rows of this version from now on. */
  know(watched: WatchedVersion): void {
    const key = keyOf(watched);
    if (!this.versions.has(key)) this.versions.set(key, { watched, plan: planOf(watched), minutes: new Map() });
  }

  add(chunk: LogChunk): void {
    const counted = this.versions.get(keyOf(chunk));
    if (!counted) return;
    const { ids, rows, columns, scores, values, classes } = chunk;
    const bytes = Buffer.from(ids.buffer, ids.byteOffset, ids.byteLength);
    const batch = { columns, scores: values ?? scores, predicted: values ? undefined : classes };
    let { calls } = chunk;
    for (let start = 0; start < rows;) {
      const time = minuteAt(bytes, start);
      let end = start + 1;
      while (end < rows && minuteAt(bytes, end) === time) end++;
      const minute = minuteOf(counted, time);
      counted.plan.count(batch, start, end - start, minute.cells);
      minute.rows += end - start;
      minute.calls += Math.min(calls, end - start);
      calls -= Math.min(calls, end - start);
      start = end;
    }
    if (counted.minutes.size > MAX_MINUTES) counted.minutes = byHour(counted);
  }

  /** Versions that have rows which nobody has taken. */
  get counted(): WatchedVersion[] {
    return [...this.versions.values()].flatMap(({ watched, minutes }) => (minutes.size > 0 ? [watched] : []));
  }

  /** What was counted since it was taken last. */
  take(): CellCount[] {
    return [...this.versions.values()].flatMap((counted) => {
      const { watched, plan, minutes } = counted;
      counted.minutes = new Map();
      return [...minutes].flatMap(([time, counts]) =>
        toCellCounts(plan, { model: watched.model, version: watched.version, time }, counts),
      );
    });
  }
}

/** The time in the first six bytes of a UUIDv7. */
function minuteAt(ids: Buffer, row: number): number {
  const time = ids.readUIntBE(row * 16, 6);
  return time - (time % UNITS.minute);
}

function minuteOf({ minutes, plan }: Counted, time: number): Minute {
  let minute = minutes.get(time);
  if (!minute) minutes.set(time, (minute = { rows: 0, calls: 0, cells: new Float64Array(plan.length) }));
  return minute;
}

function byHour({ minutes, plan, watched }: Counted): Map<number, Minute> {
  const merged: Counted = { watched, plan, minutes: new Map() };
  for (const [time, { rows, calls, cells }] of minutes) {
    const hour = minuteOf(merged, time - (time % UNITS.hour));
    hour.rows += rows;
    hour.calls += calls;
    for (let i = 0; i < cells.length; i++) hour.cells[i] += cells[i];
  }
  return merged.minutes;
}
