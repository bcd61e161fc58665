/** What is left of the error of one answer for all rows where a column gives the target away. */
const LEFT = 0.01;
/** R2 beyond which a number is another one in other words. */
const SAME = 0.999;
/** Fewer rows prove nothing. */
const LEAST_ROWS = 25;
const LEAST_ERRORS = 10;
/** Numbers of so many values are told apart by value, those of more by their neighbours too. */
const FEW_VALUES = 200;

type Value = number | string | null;

/** Cells of one column beside the target, rows in any order that has nothing to do with them. */
export interface Pairs {
  /** Numbers, texts, null for no value. */
  readonly values: readonly Value[];
  /** Numbers in a regression, else labels. */
  readonly targets: readonly (number | string)[];
}

/** What comes out where rows of a value are asked; nothing of a value that no row has. */
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

/** The numbers next to one on either side, among sorted ones. */
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
 * Whether a column alone tells the target almost perfectly, by what half of the rows say of the other half: then it is as a
 * rule the target itself in other words, or was written down after it, and is not there when a prediction is asked for.
 *
 * @returns in words; nothing where it does not
 */
export function giveaway({ values, targets }: Pairs): string | undefined {
  if (values.length < 2 * LEAST_ROWS) return undefined;
  const known = { values: every(values, 0), targets: every(targets, 0) };
  const asked = { values: every(values, 1), targets: every(targets, 1) };
  if (typeof targets[0] === 'number') return sameNumber(known, asked);
  const answers = summaries(known.values, known.targets, majority);
  const numbers = numbersOf(answers);
  const common = majority(known.targets);
  const predict = (value: Value): number | string => {
    if (typeof value !== 'number' || numbers.length <= FEW_VALUES) return answers.get(value) ?? common;
    const [before, after] = neighbours(numbers, value);
    return answers.get(value - before < after - value ? before : after)!;
  };
  const wrong = (said: (value: Value) => number | string): number =>
    asked.values.reduce<number>((sum, value, i) => sum + Number(said(value) !== asked.targets[i]), 0);
  const [own, trivial] = [wrong(predict), wrong(() => common)];
  if (trivial < LEAST_ERRORS || own > LEFT * trivial) return undefined;
  const right = (100 * (1 - own / asked.values.length)).toFixed(own === 0 ? 0 : 1);
  return `alone it tells the target of ${right} % of rows it has not seen`;
}

function sameNumber(known: Pairs, asked: Pairs): string | undefined {
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
  asked.values.forEach((value, i) => {
    const target = asked.targets[i] as number;
    left += (predict(value) - target) ** 2;
    total += (average - target) ** 2;
  });
  const explained = 1 - left / total;
  if (!(explained >= SAME)) return undefined;
  return `alone it tells the target of rows it has not seen (R2 ${(Math.floor(explained * 10_000) / 10_000).toFixed(4)})`;
}
