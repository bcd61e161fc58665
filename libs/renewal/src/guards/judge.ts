import {
  BoundedMean,
  logExcessEvidence,
  logMeanEvidence,
  logPairEvidence,
  logShareEvidence,
  totalVariation,
} from '#statistics';
import type { SliceReport } from '#monitoring';
import type { Evidence } from '../rollout/rollout-journal.js';
import { type ArmCounts, latencyOf } from './stage-counts.js';

/** All guards. Each can wrongly reject a version, so they share the error budget evenly (Bonferroni). */
export const GUARDS = ['failures', 'latency', 'scores', 'gaps', 'labels', 'pairs', 'loss'] as const;

/** Number of equal-width bins of scores from 0 to 1. */
export const SCORE_BINS = 10;

export interface GuardLimits {
  /** Probability that all guards together reject a version that is no worse. */
  readonly errorBudget: number;
  readonly lossMargin: number;
  readonly latencyRatio: number;
  readonly scoreShift: number;
}

/** One count for both versions. */
export interface Sides {
  readonly champion: number;
  readonly challenger: number;
}

/** A step of the canary, in which the traffic split is constant. */
export interface CanaryStep {
  /** Share of the requests that the challenger answers. */
  readonly weight: number;
  readonly champion: ArmCounts;
  readonly challenger: ArmCounts;
  /** Requests by score bin, one row of each request. */
  readonly scores: { readonly champion: readonly number[]; readonly challenger: readonly number[] };
  /** Requests with a missing or unknown value, by column. */
  readonly gaps: ReadonlyMap<string, Sides>;
  /** Labelled rows with a wrong prediction. */
  readonly wrong: Sides;
}

const alphaOf = ({ errorBudget }: GuardLimits): number => errorBudget / GUARDS.length;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const asNumber = (log: number): number | null => (log > 700 ? null : Number(Math.exp(log).toPrecision(6)));

function evidence(
  guard: (typeof GUARDS)[number],
  n: number,
  log: number,
  limits: GuardLimits,
  isWorse: boolean,
  note?: string,
): Evidence {
  const bound = 1 / alphaOf(limits);
  const verdict = n === 0 ? 'inconclusive' : isWorse && log >= Math.log(bound) ? 'worse' : 'no worse';
  return { guard, n, e_value: asNumber(log), bound: Number(bound.toPrecision(6)), verdict, ...(note && { note }) };
}

/** Combines steps: the product of their e-values is an e-value, because each step is tested against its own split. */
const overSteps = (steps: readonly CanaryStep[], log: (step: CanaryStep) => number): number =>
  sum(steps.map((step) => log(step)));

/** Whether the challenger's share of the failures exceeds its share of the requests. */
function failures(steps: readonly CanaryStep[], limits: GuardLimits): Evidence {
  const log = overSteps(steps, ({ weight, champion, challenger }) =>
    logExcessEvidence(challenger.failed, champion.failed, weight),
  );
  const n = sum(steps.map(({ champion, challenger }) => champion.failed + challenger.failed));
  const answered = sum(steps.map(({ challenger }) => challenger.answered));
  const note = `${sum(steps.map(({ challenger }) => challenger.failed))} of ${answered} requests of the challenger failed`;
  return {
    ...evidence('failures', n, log, limits, true, note),
    ...(n === 0 && answered > 0 && { verdict: 'no worse' }),
  };
}

const added = (steps: readonly CanaryStep[], side: 'champion' | 'challenger'): number[] =>
  steps.reduce<number[]>((total, step) => step[side].latency.map((count, i) => count + (total[i] ?? 0)), []);

/** 99th percentile in milliseconds. */
function percentile99(latency: readonly number[]): number {
  let left = 0.99 * sum(latency);
  return latencyOf(
    Math.max(
      0,
      latency.findIndex((count) => (left -= count) <= 0),
    ),
  );
}

/**
 * Whether the challenger is slower than the champion by more than the ratio. Of the requests beyond an edge, with the challenger's edge
 * larger by the ratio, its share must not exceed that of all requests. The mean of the e-values of all edges is an e-value.
 */
function latency(steps: readonly CanaryStep[], limits: GuardLimits): Evidence {
  const shift = Math.ceil(Math.log(limits.latencyRatio) / Math.log(1.2) - 1e-9);
  const bins = steps[0]?.champion.latency.length ?? 0;
  const beyond = (counts: readonly number[], edge: number): number => sum(counts.slice(edge + 1));
  const logs = Array.from({ length: Math.max(0, bins - 1 - shift) }, (_, edge) =>
    overSteps(steps, ({ weight, champion, challenger }) =>
      logExcessEvidence(beyond(challenger.latency, edge + shift), beyond(champion.latency, edge), weight),
    ),
  );
  const [old, young] = [added(steps, 'champion'), added(steps, 'challenger')];
  const n = sum(young);
  const ratio = n > 0 && sum(old) > 0 ? percentile99(young) / percentile99(old) : 1;
  const note = `99th percentile ${percentile99(young).toPrecision(3)} ms beside ${percentile99(old).toPrecision(3)} ms`;
  return evidence('latency', n, logMeanEvidence(logs), limits, ratio > limits.latencyRatio, n > 0 ? note : undefined);
}

const addedScores = (steps: readonly CanaryStep[], side: 'champion' | 'challenger'): number[] =>
  Array.from({ length: SCORE_BINS }, (_, bin) => sum(steps.map(({ scores }) => scores[side][bin] ?? 0)));

/** Whether the score distributions differ by more than allowed: in each bin, the challenger must have its share of the requests. */
function scores(steps: readonly CanaryStep[], limits: GuardLimits): Evidence {
  const logs = Array.from({ length: SCORE_BINS }, (_, bin) =>
    overSteps(steps, ({ weight, scores: { champion, challenger } }) =>
      logShareEvidence(challenger[bin] ?? 0, champion[bin] ?? 0, weight),
    ),
  );
  const [old, young] = [addedScores(steps, 'champion'), addedScores(steps, 'challenger')];
  const distance = sum(old) === 0 || sum(young) === 0 ? 0 : totalVariation({ expected: old, actual: young });
  const note = `total variation ${distance.toFixed(3)}`;
  return evidence('scores', sum(young), logMeanEvidence(logs), limits, distance > limits.scoreShift, note);
}

/** Smallest relevant increase of a column's share of gaps: a few clients that always omit it are not the version's fault. */
const GAP_SHIFT = 0.05;

/**
 * Whether the challenger's share of the requests with a missing or unknown value exceeds its share of all requests. The mean of the
 * e-values of all columns is an e-value.
 */
function gaps(steps: readonly CanaryStep[], limits: GuardLimits): Evidence {
  const none: Sides = { champion: 0, challenger: 0 };
  const answered = (side: keyof Sides): number => Math.max(1, sum(steps.map((step) => step[side].answered)));
  const columns = [...new Set(steps.flatMap((step) => [...step.gaps.keys()]))].map((column) => {
    const sides = steps.map((step) => step.gaps.get(column) ?? none);
    const log = sum(steps.map(({ weight }, i) => logExcessEvidence(sides[i].challenger, sides[i].champion, weight)));
    const n = { champion: sum(sides.map((one) => one.champion)), challenger: sum(sides.map((one) => one.challenger)) };
    return {
      column,
      log,
      n: n.champion + n.challenger,
      old: n.champion / answered('champion'),
      young: n.challenger / answered('challenger'),
    };
  });
  const log = columns.length === 0 ? 0 : logMeanEvidence(columns.map((one) => one.log));
  const [most] = columns.filter(({ n }) => n > 0).sort((one, other) => other.log - one.log);
  const note =
    most &&
    `most in ${most.column}: ${(100 * most.young).toFixed(1)} % of the requests of the challenger, ${(100 * most.old).toFixed(1)} % of the champion’s`;
  const isWorse = most !== undefined && most.young - most.old > GAP_SHIFT;
  const n = sum(columns.map((one) => one.n));
  return {
    ...evidence('gaps', n, log, limits, isWorse, note),
    ...(n === 0 && sum(steps.map(({ challenger }) => challenger.answered)) > 0 && { verdict: 'no worse' }),
  };
}

/** Whether the challenger's share of the wrong predictions exceeds its share of the requests. */
function labels(steps: readonly CanaryStep[], limits: GuardLimits): Evidence {
  const log = overSteps(steps, ({ weight, wrong }) => logExcessEvidence(wrong.challenger, wrong.champion, weight));
  return evidence('labels', sum(steps.map(({ wrong }) => wrong.champion + wrong.challenger)), log, limits, true);
}

/** Judges a canary by all its steps so far. */
export const judgeCanary = (steps: readonly CanaryStep[], limits: GuardLimits): Evidence[] => [
  failures(steps, limits),
  latency(steps, limits),
  scores(steps, limits),
  gaps(steps, limits),
  labels(steps, limits),
];

/** Comparison of the two versions on the rows that both have scored. */
export interface ShadowPairs {
  /** Number of rows that both have scored. */
  readonly rows: number;
  /** Number of these rows with different predictions. */
  readonly disagreements: number;
  /** The same by slice, those with the most disagreement first. */
  readonly slices: readonly SliceReport[];
  /** Loss of the challenger minus that of the champion, from -1 to 1, of rows with a mature label, in the order of the labels. */
  readonly differences: readonly number[];
}

/**
 * Judges the two versions on the same rows. `pairs` rejects the challenger where labels prove it wrong more often; `loss` tells
 * whether its loss is proven to be within the margin.
 */
export function judgeShadow(
  { rows, disagreements, slices, differences }: ShadowPairs,
  limits: GuardLimits,
): Evidence[] {
  const gained = differences.filter((difference) => difference < 0).length;
  const lost = differences.filter((difference) => difference > 0).length;
  const alpha = alphaOf(limits);
  const mean = new BoundedMean(alpha);
  for (const difference of differences) mean.add(difference);
  const { low, high } = mean.interval;
  const verdict =
    mean.values === 0
      ? 'inconclusive'
      : low > limits.lossMargin
        ? 'worse'
        : high < limits.lossMargin
          ? 'no worse'
          : 'inconclusive';
  const share = rows === 0 ? 0 : disagreements / rows;
  return [
    {
      ...evidence('pairs', gained + lost, logPairEvidence(gained, lost), limits, lost > gained),
      note: `${rows} rows, of which ${(100 * share).toFixed(2)} % were answered differently`,
      ...(slices.length > 0 && { slices }),
    },
    {
      guard: 'loss',
      n: mean.values,
      e_value: null,
      bound: limits.lossMargin,
      verdict,
      note:
        mean.values === 0
          ? 'no labels yet'
          : `the loss is greater by ${low.toFixed(4)} to ${high.toFixed(4)}, at all times together`,
    },
  ];
}
