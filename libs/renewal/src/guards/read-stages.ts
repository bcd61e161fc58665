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
  /** How old a row must be before its label counts, in milliseconds. */
  readonly labelDelay: number;
  /** How long after a step begins servers may still split as before, in milliseconds: rows of then do not count. */
  readonly settle: number;
}

/** A time in which the share did not change. */
interface Stretch {
  readonly epoch: number;
  readonly weight: number;
  readonly from: number;
  readonly to: number;
}

/** The stretches of a rollout in which requests were split, paused or not. */
function canaryStretches(timeline: readonly RolloutRecord[], now: number): Stretch[] {
  return timeline.flatMap(({ rollout: { file } }, i) => {
    const { epoch, weight } = file;
    if (weight <= 0 || weight >= 1) return [];
    const next = timeline[i + 1];
    return [{ epoch, weight, from: Date.parse(file.since), to: next ? Date.parse(next.rollout.file.since) : now }];
  });
}

const zeros = (): number[] => Array<number>(SCORE_BINS).fill(0);

/** A step, and how many requests of the challenger all guards have seen in it: its failures, and one row of each other one. */
export interface ReadStep extends CanaryStep {
  readonly seen: number;
}

/** What both sides have done in each step of the canary so far. */
export async function readCanary(
  { store, model, now, labelDelay, settle }: Reading,
  { id, champion, challenger }: Rollout,
  timeline: readonly RolloutRecord[],
): Promise<ReadStep[]> {
  const stretches = canaryStretches(timeline, now);
  if (stretches.length === 0) return [];
  const from = stretches[0].from;
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
  const steps = stretches.map((stretch) => ({
    stretch,
    weight: stretch.weight,
    champion: countsFor(champion, stretch.epoch),
    challenger: countsFor(challenger, stretch.epoch),
    scores: { champion: zeros(), challenger: zeros() },
    gaps: gapsIn(stretch.epoch),
    wrong: { champion: 0, challenger: 0 },
    seen: countsFor(challenger, stretch.epoch).failed,
  }));
  let last = '';
  for await (const row of store.predictions({ model, from, to: now })) {
    const step = steps.findLast(({ stretch }) => row.time >= stretch.from + settle && row.time < stretch.to);
    const side = row.version === challenger ? 'challenger' : row.version === champion ? 'champion' : undefined;
    // A batch goes to one version: of rows of the same moment one stands for all.
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

/** What a wrong answer costs, less what the other's does: from -1 to 1. Numbers are compared by the greater of both errors. */
function difference(judged: string, other: string, label: string, isNumber: boolean): number {
  if (!isNumber) return Number(judged !== label) - Number(other !== label);
  const [mine, theirs] = [judged, other].map((value) => Math.abs(Number(value) - Number(label)));
  const greater = Math.max(mine, theirs);
  return greater > 0 ? (mine - theirs) / greater : 0;
}

/** How many slices are told of; those of the fewest rows are left out. */
const MOST_SLICES = 20;

/** Counts rows, and those that were answered differently, by the value of each slice column. */
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

  /** Those that differ most first. */
  get slices(): SliceReport[] {
    const largest = [...this.counts.values()].sort((a, b) => b.rows - a.rows).slice(0, MOST_SLICES);
    return largest.sort((a, b) => b.disagreements / b.rows - a.disagreements / a.rows);
  }
}

/** What both versions have said of the same rows since the shadow began. */
export async function readShadow(
  { store, model, now, labelDelay }: Omit<Reading, 'settle'>,
  { since, state, champion, challenger }: Rollout,
): Promise<ShadowPairs> {
  const from = Date.parse(since);
  const isWatch = state === 'watch';
  const [answering, other] = isWatch ? [challenger, champion] : [champion, challenger];
  const said = new Map<string, string>();
  for await (const row of store.predictions({ model: shadowOf(model), version: other, from, to: now + 1 })) {
    if (row.externalId !== null) said.set(row.externalId, row.prediction);
  }
  let [rows, disagreements] = [0, 0];
  const slices = new SliceCounts();
  const labelled: { at: number; difference: number }[] = [];
  if (said.size > 0) {
    for await (const row of store.predictions({ model, version: answering, from, to: now })) {
      const answer = said.get(row.id);
      if (answer === undefined) continue;
      rows++;
      if (answer !== row.prediction) disagreements++;
      slices.add(row.slices, answer !== row.prediction);
      if (row.label === null || row.time > now - labelDelay) continue;
      // Of the version that is on its way, less that of the one from before.
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
