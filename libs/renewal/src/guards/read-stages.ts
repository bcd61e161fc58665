import type { Rollout } from '#bundle';
import { DAY } from '#kit';
import type { MonitorStore, SliceReport } from '#monitoring';
import type { RolloutRecord } from '../rollout/rollout-journal.js';
import { type CanaryStep, SCORE_BINS, type ShadowPairs, type Sides } from './judge.js';
import { type ArmCounts, columnOf, countsOf, gapsOf, NOTHING, shadowOf } from './stage-counts.js';

export type EvidenceStore = Pick<MonitorStore, 'counts' | 'predictions'>;

interface Reading {
  readonly store: EvidenceStore;
  readonly model: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Age from which on a row's label counts, in milliseconds. */
  readonly labelDelay: number;
  /** Time after the start of a step in which servers may still use the previous split, in milliseconds; its rows do not count. */
  readonly settle: number;
}

/** A period with a constant traffic split. */
interface SplitPeriod {
  readonly epoch: number;
  readonly weight: number;
  readonly from: number;
  readonly to: number;
}

/** The periods of a rollout in which traffic was split, paused or not. */
function splitPeriods(timeline: readonly RolloutRecord[], now: number): SplitPeriod[] {
  return timeline.flatMap(({ rollout: { file } }, i) => {
    const { epoch, weight } = file;
    if (weight <= 0 || weight >= 1) return [];
    const next = timeline[i + 1];
    return [{ epoch, weight, from: Date.parse(file.since), to: next ? Date.parse(next.rollout.file.since) : now }];
  });
}

const zeros = (): number[] => Array<number>(SCORE_BINS).fill(0);

export interface ReadStep extends CanaryStep {
  /** Number of the challenger's requests that all guards have seen: failures, and one row of each other request. */
  readonly seen: number;
}

/** Reads the counts of both versions in each step of the canary so far. */
export async function readCanary(
  { store, model, now, labelDelay, settle }: Reading,
  { id, champion, challenger }: Rollout,
  timeline: readonly RolloutRecord[],
): Promise<ReadStep[]> {
  const periods = splitPeriods(timeline, now);
  if (periods.length === 0) return [];
  const from = periods[0].from;
  const counted = await store.counts({
    model: countsOf(model),
    scale: 'day',
    from: from - (from % DAY),
    to: now + DAY,
  });
  const countsFor = (version: string, epoch: number): ArmCounts => {
    const cells = (what: 'requests' | 'latency', size: number): number[] =>
      counted
        .filter((one) => one.version === version && one.column === columnOf(id, epoch, what))
        .reduce((sums, one) => sums.map((sum, i) => sum + (one.cells[i] ?? 0)), Array<number>(size).fill(0));
    const [answered, failed] = cells('requests', 2);
    return { answered, failed, latency: cells('latency', NOTHING.latency.length) };
  };
  const gapsIn = (epoch: number): Map<string, Sides> => {
    const prefix = gapsOf(id, epoch, '');
    const gaps = new Map<string, Sides>();
    for (const { version, column, cells } of counted) {
      if (!column.startsWith(prefix) || (version !== champion && version !== challenger)) continue;
      const name = column.slice(prefix.length);
      const side = version === challenger ? 'challenger' : 'champion';
      const before = gaps.get(name) ?? { champion: 0, challenger: 0 };
      gaps.set(name, { ...before, [side]: before[side] + cells[0] });
    }
    return gaps;
  };
  const steps = periods.map((period) => ({
    period,
    weight: period.weight,
    champion: countsFor(champion, period.epoch),
    challenger: countsFor(challenger, period.epoch),
    scores: { champion: zeros(), challenger: zeros() },
    gaps: gapsIn(period.epoch),
    wrong: { champion: 0, challenger: 0 },
    seen: countsFor(challenger, period.epoch).failed,
  }));
  let last = '';
  for await (const row of store.predictions({ model, from, to: now })) {
    const step = steps.findLast(({ period }) => row.time >= period.from + settle && row.time < period.to);
    const side = row.version === challenger ? 'challenger' : row.version === champion ? 'champion' : undefined;
    // A batch is served by one version, so of rows with the same time only one is counted.
    const moment = `${row.time} ${row.version}`;
    if (!step || !side || moment === last) continue;
    last = moment;
    if (side === 'challenger') step.seen++;
    if (row.score === null) continue;
    step.scores[side][Math.min(SCORE_BINS - 1, Math.floor(row.score * SCORE_BINS))]++;
    if (row.label !== null && row.time <= now - labelDelay && row.label !== row.prediction) step.wrong[side]++;
  }
  return steps;
}

/** Loss of one prediction minus that of the other, from -1 to 1. Errors of numbers are scaled by the larger of the two. */
function difference(judged: string, other: string, label: string, isNumber: boolean): number {
  if (!isNumber) return Number(judged !== label) - Number(other !== label);
  const [mine, theirs] = [judged, other].map((value) => Math.abs(Number(value) - Number(label)));
  const greater = Math.max(mine, theirs);
  return greater > 0 ? (mine - theirs) / greater : 0;
}

/** Number of slices reported: those with the most rows. */
const MOST_SLICES = 20;

/** Counts rows and disagreements by the value of each slice column. */
class SliceCounts {
  private readonly counts = new Map<string, { column: string; value: string; rows: number; disagreements: number }>();

  add(slices: string | null, differs: boolean): void {
    if (slices === null) return;
    for (const [column, given] of Object.entries(JSON.parse(slices) as Record<string, unknown>)) {
      const value = typeof given === 'string' ? given : JSON.stringify(given);
      const key = JSON.stringify([column, value]);
      let count = this.counts.get(key);
      if (!count) this.counts.set(key, (count = { column, value, rows: 0, disagreements: 0 }));
      count.rows++;
      if (differs) count.disagreements++;
    }
  }

  /** Those with the most disagreement first. */
  get slices(): SliceReport[] {
    const largest = [...this.counts.values()].sort((a, b) => b.rows - a.rows).slice(0, MOST_SLICES);
    return largest.sort((a, b) => b.disagreements / b.rows - a.disagreements / a.rows);
  }
}

/** Compares the predictions of both versions on the same rows since the start of the shadow (or watch). */
export async function readShadow(
  { store, model, now, labelDelay }: Omit<Reading, 'settle'>,
  { since, state, champion, challenger }: Rollout,
): Promise<ShadowPairs> {
  const from = Date.parse(since);
  const isWatch = state === 'watch';
  const [serving, other] = isWatch ? [challenger, champion] : [champion, challenger];
  const predictions = new Map<string, string>();
  for await (const row of store.predictions({ model: shadowOf(model), version: other, from, to: now + 1 })) {
    if (row.externalId !== null) predictions.set(row.externalId, row.prediction);
  }
  let [rows, disagreements] = [0, 0];
  const slices = new SliceCounts();
  const labelled: { at: number; difference: number }[] = [];
  if (predictions.size > 0) {
    for await (const row of store.predictions({ model, version: serving, from, to: now })) {
      const answer = predictions.get(row.id);
      if (answer === undefined) continue;
      rows++;
      if (answer !== row.prediction) disagreements++;
      slices.add(row.slices, answer !== row.prediction);
      if (row.label === null || row.time > now - labelDelay) continue;
      // Loss of the new version minus that of the old one.
      const [judged, before] = isWatch ? [row.prediction, answer] : [answer, row.prediction];
      labelled.push({
        at: row.observedAt ?? row.time,
        difference: difference(judged, before, row.label, row.score === null),
      });
    }
  }
  labelled.sort((one, two) => one.at - two.at);
  return { rows, disagreements, slices: slices.slices, differences: labelled.map((one) => one.difference) };
}
