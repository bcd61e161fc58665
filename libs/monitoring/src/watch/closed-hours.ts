import { DAY } from '#kit';
import type { MonitorPlan } from '../cells/monitor-plan.js';
import { fromCellCounts } from '../counts/cell-counts.js';
import type { Counts } from '../counts/counts.js';
import { addHours, closeHour, type HourCounts } from '../counts/hour-counts.js';
import type { MonitorStore } from '../store/monitor-store.js';
import { dayOf } from '../store/rows.js';
import { UNITS } from '../store/units.js';

const HOUR = UNITS.hour;
/** Days whose hours are kept one by one; windows of days need only whole days of older ones. */
const HOUR_DAYS = 3;
/** Days that are kept: longer than the longest window. */
const DAY_DAYS = 40;

interface HourNote {
  readonly rows: number;
  readonly calls: number;
  readonly cells: readonly number[];
  readonly dispersion: readonly number[];
  /** Start of counting, of a day that was not counted from its start on. */
  readonly since?: number;
}

/** Closed hours, or closed days, by their start. */
type Closed = Map<number, HourCounts>;

export interface VersionName {
  readonly model: string;
  readonly version: string;
}

/** Hours by their start, combined from the store's minutes. The dispersion of an older hour, whose minutes are gone, is unknown. */
async function countedHours(
  store: MonitorStore,
  plan: MonitorPlan,
  { model, version }: VersionName,
  from: number,
  to: number,
): Promise<Closed> {
  const minutes = fromCellCounts(plan, await store.counts({ model, version, from, to, scale: 'minute' }));
  const byHour = new Map<number, Counts[]>();
  for (const [time, counts] of minutes) {
    const hour = time - (time % HOUR);
    const list = byHour.get(hour);
    if (list) list.push(counts);
    else byHour.set(hour, [counts]);
  }
  const all = fromCellCounts(plan, await store.counts({ model, version, from, to, scale: 'hour' }));
  const hours: Closed = new Map();
  for (const [hour, counts] of all) hours.set(hour, closeHour(plan, byHour.get(hour) ?? [counts]));
  return hours;
}

/** The closed hours of a version, kept as notes so that their dispersion outlives the minutes. */
export class ClosedHours {
  private constructor(
    private readonly store: MonitorStore,
    private readonly plan: MonitorPlan,
    private readonly of: VersionName,
    private readonly hours: Closed,
    private readonly days: Closed,
    /** Start of counting, by day, of the days that were not counted from their start on. */
    private readonly partial: Map<number, number>,
  ) {}

  static async read(store: MonitorStore, plan: MonitorPlan, of: VersionName): Promise<ClosedHours> {
    const partial = new Map<number, number>();
    const [hours, days] = await Promise.all(
      ['hour', 'day'].map(async (kind) => {
        const prefix = prefixOf(kind, of);
        const closed: Closed = new Map();
        for (const [name, note] of await store.notes(prefix)) {
          const hour = fromNote(note as HourNote, plan);
          if (!hour) continue;
          const time = Number(name.slice(prefix.length));
          closed.set(time, hour);
          const { since } = note as HourNote;
          if (since !== undefined) partial.set(time, since);
        }
        return closed;
      }),
    );
    return new ClosedHours(store, plan, of, hours, days, partial);
  }

  /**
   * Closes the hours of [from, to), then the days that end with them.
   *
   * @param since start of counting against the present reference: earlier hours do not count in a day
   */
  async close(from: number, to: number, since: number): Promise<void> {
    for (const [time, hour] of await countedHours(this.store, this.plan, this.of, from, to)) {
      await this.keep('hour', this.hours, time, hour);
    }
    for (let day = dayOf(from); day + DAY <= to; day += DAY) {
      const own = [...this.hours].filter(([time]) => time >= Math.max(day, since) && time < day + DAY);
      if (own.length === 0) continue;
      const merged = addHours(
        this.plan,
        own.map(([, hour]) => hour),
      );
      if (since > day) this.partial.set(day, since);
      await this.keep('day', this.days, day, merged);
    }
    await this.prune(to);
  }

  /** The hours that begin in [from, to), merged by day where the whole day (from its start of counting on) is within. */
  between(from: number, to: number): HourCounts[] {
    const isWithin = (day: number): boolean => (this.partial.get(day) ?? day) >= from && day + DAY <= to;
    const days = [...this.days].filter(([day]) => isWithin(day));
    const isWhole = (time: number): boolean => this.days.has(dayOf(time)) && isWithin(dayOf(time));
    const hours = [...this.hours].filter(([time]) => time >= from && time < to && !isWhole(time));
    return [...days, ...hours].map(([, hour]) => hour);
  }

  /** The hours of [from, to), including those that are still open. */
  async soFar(from: number, to: number): Promise<HourCounts[]> {
    const ends = [
      ...[...this.hours.keys()].map((time) => time + HOUR),
      ...[...this.days.keys()].map((day) => day + DAY),
    ];
    const closed = Math.max(from, ...ends);
    const open =
      closed < to ? await countedHours(this.store, this.plan, this.of, closed, to) : new Map<number, never>();
    return [...this.between(from, Math.min(closed, to)), ...open.values()];
  }

  private async keep(kind: 'hour' | 'day', closed: Closed, time: number, hour: HourCounts): Promise<void> {
    closed.set(time, hour);
    const { rows, calls, cells, dispersion } = hour;
    const since = kind === 'day' ? this.partial.get(time) : undefined;
    const note: HourNote = {
      ...{ rows, calls, cells: [...cells], dispersion: [...dispersion] },
      ...(since !== undefined && { since }),
    };
    await this.store.keep(prefixOf(kind, this.of) + time, note);
  }

  private async prune(to: number): Promise<void> {
    for (const [kind, closed, days] of [
      ['hour', this.hours, HOUR_DAYS],
      ['day', this.days, DAY_DAYS],
    ] as const) {
      for (const time of closed.keys()) {
        if (time >= dayOf(to) - days * DAY) continue;
        closed.delete(time);
        await this.store.keep(prefixOf(kind, this.of) + time, null);
      }
    }
  }
}

const prefixOf = (kind: string, { model, version }: VersionName): string => `${kind}/${model}/${version}/`;

/** @returns undefined where another plan has counted the hour */
function fromNote({ rows, calls, cells, dispersion }: HourNote, plan: MonitorPlan): HourCounts | undefined {
  const hour = { rows, calls, cells: Float64Array.from(cells), dispersion: Float64Array.from(dispersion) };
  return cells.length === plan.length && hour.dispersion.length === closedLength(plan) ? hour : undefined;
}

const closedLength = (plan: MonitorPlan): number => closeHour(plan, []).dispersion.length;
