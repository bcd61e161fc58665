import { type LearnerKind, type LearnerSpec, predictProbabilities, type TrainingData, trainModel } from '#learners';
import { RandomStream } from '#kit';
import { type Family, FAMILIES, randomTable } from './random-table.js';

export const LEARNERS = ['random_forest', 'gradient_boosting', 'logistic_regression'] as const;

/**
 * One fit: a learner with chosen hyperparameters on one random table, determined by the family, the learner and the
 * seed.
 */
export interface Contest {
  readonly spec: LearnerSpec;
  readonly training: TrainingData;
  readonly held: TrainingData;
}

const atMost = ([low, high]: readonly [number, number], limit: number): readonly [number, number] => [
  Math.min(low, limit),
  Math.min(high, limit),
];

/** Sizes of tables and models: as defined by the families, or so small that everything takes seconds. */
const SIZES = {
  whole: { held: 4_000, trees: [20, 50, 100], bounded: (family: Family): Family => family },
  short: {
    held: 500,
    trees: [20],
    bounded: (family: Family): Family => ({ ...family, rows: [300, 600], columns: atMost(family.columns, 16) }),
  },
} as const;
export type Size = keyof typeof SIZES;

export type FamilyName = keyof typeof FAMILIES;
export const FAMILY_NAMES = Object.keys(FAMILIES) as FamilyName[];

/** Draws hyperparameters that the peer has too. */
function chosen(kind: LearnerKind, trees: readonly number[], random: RandomStream): Record<string, unknown> {
  const one = <T>(...values: readonly T[]): T => values[random.below(values.length)];
  switch (kind) {
    case 'random_forest':
      return {
        n_estimators: Math.max(...trees),
        criterion: one('gini', 'entropy'),
        max_depth: one(4, 7, 10),
        max_features: one('sqrt', 'sqrt', 'all'),
        bootstrap: one(true, true, false),
        class_weight: one('none', 'none', 'balanced'),
      };
    case 'gradient_boosting':
      return {
        n_estimators: one(...trees),
        learning_rate: one(0.05, 0.1, 0.3),
        max_depth: one(2, 4, 6, 8),
        min_child_weight: one(0.01, 1, 5),
        l2: one(0, 1, 10),
      };
    case 'logistic_regression':
      return { l2: one(1e-3, 0.1, 1, 100) };
    case 'ridge':
      return { l2: one(1e-3, 0.1, 1, 100) };
  }
}

/** The table and the hyperparameters that a seed determines. */
export function contest(kind: LearnerKind, family: FamilyName, seed: number, size: Size): Contest {
  // Seeds of different families are independent.
  const own = 1_000 * FAMILY_NAMES.indexOf(family) + seed;
  const { held, trees, bounded } = SIZES[size];
  const hyperparameters = chosen(kind, trees, new RandomStream(own, 2));
  return {
    spec: { kind, hyperparameters },
    ...randomTable(bounded(FAMILIES[family]), own, held),
  };
}

/** Lower bound for probabilities, because trees that have not seen a class give it 0. */
export const LEAST_PROBABILITY = 1e-3;

/** The mean log loss on the held-out rows. */
export async function ownLoss({ spec, training, held }: Contest, seed: number): Promise<number> {
  const model = await trainModel(spec, training, { seed, threads: 1 });
  const probabilities = predictProbabilities(model, held.features);
  const { labels, classes } = held;
  let loss = 0;
  labels.forEach((label, row) => (loss -= Math.log(Math.max(probabilities[row * classes + label], LEAST_PROBABILITY))));
  return loss / labels.length;
}

/** Number of forests in the short version. */
export const SHORT_FORESTS = 2;

/** The mean over several forests, which differ by chance; other learners are deterministic. */
export async function meanLoss(
  kind: LearnerKind,
  forests: number,
  loss: (seed: number) => Promise<number>,
): Promise<number> {
  const fits = kind === 'random_forest' ? forests : 1;
  let sum = 0;
  for (let seed = 1; seed <= fits; seed++) sum += await loss(seed);
  return sum / fits;
}

/** Our losses and the peer's, by table. */
export interface Losses {
  readonly own: readonly number[];
  readonly peer: readonly number[];
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
};

/**
 * Sentences about excessive losses: a single table may exceed the peer by 5 % and 0.01, the median of the ratios by 1
 * %.
 */
export function tooLarge({ own, peer }: Losses): string[] {
  const ratio = median(own.map((loss, i) => loss / peer[i]));
  return [
    ...own.flatMap((loss, i) => (loss <= 1.05 * peer[i] + 0.01 ? [] : [`table ${i + 1}: ${loss} beside ${peer[i]}`])),
    ...(ratio <= 1.01 ? [] : [`median of the ratios: ${ratio}`]),
  ];
}
