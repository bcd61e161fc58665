import { RandomStream } from '#kit';
import type { TrainingData } from '#learners';

/** A column, and the signal that the classes may depend on: numbers of about -2 to 2. */
interface Column {
  readonly values: Float32Array;
  readonly signal: Float64Array;
}

type Draw = (random: RandomStream, rows: number) => Column;

/** Box and Muller's transform. */
const normal = (random: RandomStream): number =>
  Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
const between = (random: RandomStream, low: number, high: number): number => low + (high - low) * random.uniform();
/** An integer from a log-uniform distribution. */
const someOf = (random: RandomStream, low: number, high: number): number =>
  Math.round(Math.exp(between(random, Math.log(low), Math.log(high))));

const drawn = (rows: number, signalOf: () => number, valueOf: (signal: number) => number): Column => {
  const signal = Float64Array.from({ length: rows }, signalOf);
  return { signal, values: Float32Array.from(signal, valueOf) };
};

/** A column of `count` distinct integers, some of them rare. */
const codes = (random: RandomStream, rows: number, count: number): Column => {
  const evenness = between(random, 0.5, 1.5);
  const code = (): number => Math.min(count - 1, Math.floor(count * random.uniform() ** evenness));
  return drawn(
    rows,
    () => (4 * code()) / (count - 1) - 2,
    (signal) => Math.round(((signal + 2) * (count - 1)) / 4),
  );
};

const KINDS = {
  number: (random, rows) =>
    drawn(
      rows,
      () => normal(random),
      (signal) => signal,
    ),
  flag: (random, rows) => {
    const share = between(random, 0.03, 0.97);
    return drawn(
      rows,
      () => (random.uniform() < share ? 1 : -1),
      (signal) => Number(signal > 0),
    );
  },
  few: (random, rows) => codes(random, rows, someOf(random, 2, 40)),
  letters: (random, rows) => codes(random, rows, 16),
  many: (random, rows) => codes(random, rows, someOf(random, 200, 2_000)),
  /** Mostly 0, which may be the smallest value, the largest, or in between. */
  zeros: (random, rows) => {
    const share = between(random, 0.8, 0.995);
    const [low, high] = [
      [1, 3],
      [-3, -1],
      [-2, 2],
    ][random.below(3)];
    const value = (): number => (random.uniform() < share ? 0 : between(random, low, high));
    return drawn(rows, value, (signal) => Math.sign(signal) * Math.expm1(2 * Math.abs(signal)));
  },
  tail: (random, rows) => {
    const weight = between(random, 0.5, 2.5);
    return drawn(
      rows,
      () => normal(random),
      (signal) => Math.sign(signal) * Math.expm1(weight * Math.abs(signal)),
    );
  },
  constant: (random, rows) => {
    const value = 10 * normal(random);
    return drawn(
      rows,
      () => 0,
      () => value,
    );
  },
  /** In a random unit. */
  scaled: (random, rows) => {
    const unit = 10 ** between(random, -12, 12);
    const offset = 3 * normal(random);
    return drawn(
      rows,
      () => normal(random),
      (signal) => unit * (signal + offset),
    );
  },
} satisfies Record<string, Draw>;

type Kind = keyof typeof KINDS;
const ALL = Object.keys(KINDS) as Kind[];

/** Properties of a family of tables; ranges are drawn from. */
export interface Family {
  readonly kinds: readonly Kind[];
  readonly rows: readonly [number, number];
  readonly columns: readonly [number, number];
  readonly classes: readonly [number, number];
  /** Weight of the rarest class; that of the most common class is 1. */
  readonly rarest?: number;
}

const USUAL = { rows: [500, 8_000], columns: [1, 20], classes: [2, 5] } as const;
export const FAMILIES = {
  numbers: { ...USUAL, kinds: ['number'] },
  flags: { ...USUAL, kinds: ['flag'], columns: [2, 60] },
  'few values': { ...USUAL, kinds: ['few', 'flag', 'letters'] },
  'letters, 26 classes': { ...USUAL, kinds: ['letters'], rows: [4_000, 8_000], columns: [16, 16], classes: [26, 26] },
  'ties and spikes': { ...USUAL, kinds: ['zeros', 'many'], rows: [2_000, 20_000], columns: [1, 8] },
  'heavy tails': { ...USUAL, kinds: ['tail'] },
  'any unit': { ...USUAL, kinds: ['scaled'] },
  constants: { ...USUAL, kinds: ['constant', 'constant', 'number', 'flag'], columns: [4, 30] },
  mixed: { ...USUAL, kinds: ALL, columns: [5, 60] },
  'few rows': { ...USUAL, kinds: ALL, rows: [50, 300], columns: [1, 10], classes: [2, 3] },
  'rare classes': { ...USUAL, kinds: ALL, rows: [4_000, 20_000], columns: [5, 20], rarest: 0.01 },
  'many classes': { ...USUAL, kinds: ALL, rows: [4_000, 10_000], columns: [5, 30], classes: [10, 30] },
  'many rows': { ...USUAL, kinds: ALL, rows: [100_000, 100_000], columns: [5, 15], classes: [2, 3] },
} satisfies Record<string, Family>;

/** A class's margin: steps, slopes and waves of single columns, and products of two. */
function marginOf(random: RandomStream, columns: readonly Column[]): (row: number) => number {
  const term = (): ((row: number) => number) => {
    const { signal } = columns[random.below(columns.length)];
    const { signal: other } = columns[random.below(columns.length)];
    const [weight, at] = [normal(random), normal(random)];
    return [
      (row: number) => weight * signal[row],
      (row: number) => weight * Math.sign(signal[row] - at),
      (row: number) => weight * Math.sin(2 * signal[row] + at),
      (row: number) => weight * Math.sign(signal[row]) * Math.sign(other[row] - at),
    ][random.below(4)];
  };
  const terms = Array.from({ length: Math.min(6, 1 + columns.length) }, term);
  return (row) => terms.reduce((sum, one) => sum + one(row), 0);
}

/**
 * A table of a family, and held-out rows, all determined by the seed.
 * @param held number of held-out rows
 */
export function randomTable(
  family: Family,
  seed: number,
  held: number,
): { training: TrainingData; held: TrainingData } {
  const random = new RandomStream(seed, 1);
  const [known, width, classes] = [family.rows, family.columns, family.classes].map(([low, high]) =>
    someOf(random, low, high),
  );
  const rows = known + held;
  const columns = Array.from({ length: width }, () =>
    KINDS[family.kinds[random.below(family.kinds.length)]](random, rows),
  );
  const margins = Array.from({ length: classes }, () => marginOf(random, columns));
  const rarity = -Math.log(family.rarest ?? 0.3);
  const labels = Int32Array.from({ length: rows }, (_, row) => {
    const weights = margins.map((margin, c) => Math.exp(margin(row) - (rarity * c) / (classes - 1)));
    let rest = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
    return Math.max(
      0,
      weights.findIndex((weight) => (rest -= weight) < 0),
    );
  });
  // Every class occurs in at least one row.
  for (let c = 0; c < classes; c++) labels[c] = c;
  const part = (from: number, to: number): TrainingData => ({
    features: columns.map(({ values }) => values.slice(from, to)),
    labels: labels.slice(from, to),
    classes,
  });
  return { training: part(0, known), held: part(known, rows) };
}
