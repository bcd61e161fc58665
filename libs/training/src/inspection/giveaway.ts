/** Largest error, relative to that of the most frequent label, at which a column leaks the target. */
const LEFT = 0.01;
/** R2 from which a numeric column leaks the target. */
const SAME = 0.999;
/** Fewer rows or errors prove nothing. */
const LEAST_ROWS = 25;
const LEAST_ERRORS = 10;
/** Numeric columns of at most this many values are predicted by equal values, others by the nearest one. */
const FEW_VALUES = 200;

type Value = number | string | null;

/** Cells of one column and the target. The order of the rows must be independent of both. */
export interface Pairs {
  /** Numbers or texts; null where missing. */
  readonly values: readonly Value[];
  /** Numbers for a regression, else labels. */
  readonly targets: readonly (number | string)[];
}

/** Summarizes the targets of the rows by value. */
function summaries<T>(
  values: readonly Value[],
  targets: readonly T[],
  summary: (targets: readonly T[]) => T,
): Map<Value, T> {
  const groups = new Map<Value, T[]>();
  values.forEach((value, i) => {
    const group = groups.get(value);
    if (group) group.push(targets[i]);
    else groups.set(value, [targets[i]]);
  });
  return new Map([...groups].map(([value, group]) => [value, summary(group)]));
}

/** The nearest numbers on either side of a value, among sorted ones. */
function neighbours(numbers: readonly number[], value: number): readonly [number, number] {
  let [low, high] = [0, numbers.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] < value) low = middle + 1;
    else high = middle;
  }
  return [numbers[Math.max(0, low - 1)], numbers[low]];
}

const numbersOf = (answers: ReadonlyMap<Value, unknown>): number[] =>
  [...answers.keys()].filter((value) => typeof value === 'number').sort((a, b) => a - b);

function majority(labels: readonly (number | string)[]): number | string {
  const counts = new Map<number | string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].reduce((most, one) => (one[1] > most[1] ? one : most))[0];
}

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;

const every = <T>(all: readonly T[], rest: 0 | 1): T[] => all.filter((_, i) => i % 2 === rest);

/**
 * Detects target leakage: a column that alone predicts the target almost perfectly, learnt on half of the rows and tested on the
 * other half. Such a column usually encodes the target or was recorded after it, so it is not available for predictions.
 *
 * @returns a description; undefined where there is no leakage
 */
export function giveaway({ values, targets }: Pairs): string | undefined {
  if (values.length < 2 * LEAST_ROWS) return undefined;
  const known = { values: every(values, 0), targets: every(targets, 0) };
  const tested = { values: every(values, 1), targets: every(targets, 1) };
  if (typeof targets[0] === 'number') return numericGiveaway(known, tested);
  const answers = summaries(known.values, known.targets, majority);
  const numbers = numbersOf(answers);
  const common = majority(known.targets);
  const predict = (value: Value): number | string => {
    if (typeof value !== 'number' || numbers.length <= FEW_VALUES) return answers.get(value) ?? common;
    const [before, after] = neighbours(numbers, value);
    return answers.get(value - before < after - value ? before : after)!;
  };
  const errors = (predicted: (value: Value) => number | string): number =>
    tested.values.reduce<number>((sum, value, i) => sum + Number(predicted(value) !== tested.targets[i]), 0);
  const [own, trivial] = [errors(predict), errors(() => common)];
  if (trivial < LEAST_ERRORS || own > LEFT * trivial) return undefined;
  const right = (100 * (1 - own / tested.values.length)).toFixed(own === 0 ? 0 : 1);
  return `on its own it predicts the target for ${right} % of unseen rows`;
}

function numericGiveaway(known: Pairs, tested: Pairs): string | undefined {
  const answers = summaries(known.values, known.targets as number[], mean);
  const numbers = numbersOf(answers);
  const average = mean(known.targets as number[]);
  const predict = (value: Value): number => {
    const found = answers.get(value);
    if (found !== undefined || typeof value !== 'number' || numbers.length < 2) return found ?? average;
    const [before, after] = neighbours(numbers, value);
    if (before === after) return answers.get(after)!;
    const [low, high] = [answers.get(before)!, answers.get(after)!];
    return low + ((high - low) * (value - before)) / (after - before);
  };
  let [left, total] = [0, 0];
  tested.values.forEach((value, i) => {
    const target = tested.targets[i] as number;
    left += (predict(value) - target) ** 2;
    total += (average - target) ** 2;
  });
  const explained = 1 - left / total;
  if (!(explained >= SAME)) return undefined;
  return `on its own it predicts the target for unseen rows (R2 ${(Math.floor(explained * 10_000) / 10_000).toFixed(4)})`;
}
