import { FeaturePipeline, type FittedPipeline, type PipelineRecipe, type Target, textNormalizers } from '#features';
import type { RawColumn } from '#schema';

export type Level = string | number | null;

/** A step on one column `x`, to be fitted on some rows and applied to others. */
export interface StepCase {
  /** Without its column; passed to Python unchanged. */
  readonly step: { readonly kind: string; readonly [key: string]: unknown };
  readonly training: readonly Level[];
  readonly rows: readonly Level[];
  /** The target of the training rows. */
  readonly target?: {
    readonly task: Target['task'];
    readonly values: readonly number[];
    readonly classes: readonly number[];
  };
  /** Values of a second column, for steps that read two. */
  readonly right?: readonly Level[];
  /** The type of numbers that are not codes of texts. */
  readonly type?: 'date' | 'datetime';
  /** Relative tolerance of numbers; default 0. */
  readonly tolerance?: number;
}

/** Python's answer to a case: Infinity is "inf", NaN is null. */
export interface Answer {
  readonly names?: readonly string[];
  readonly columns?: readonly (readonly (number | string | null)[])[];
  /** Null for texts whose characters this Python is too old to know. */
  readonly texts?: readonly (string | null)[];
  /** Fitted numbers, by our keys. */
  readonly fitted?: Readonly<Record<string, readonly number[]>>;
}

const CHUNK = 1_024;
const NEGATIVE_ZERO = 'negative zero';

/** The line of a case that test/peers/helper/fit_steps.py reads. */
export function asLine({ step, training, rows, right, target }: StepCase): string {
  const targetType = target && { binary: 'binary', multiclass: 'multiclass', regression: 'continuous' }[target.task];
  const line = { step: { ...step, target_type: targetType }, training, rows, right, target: target?.values };
  // JSON.stringify alone forgets the sign of zero.
  const text = JSON.stringify(line, (_, value: unknown) => (Object.is(value, -0) ? NEGATIVE_ZERO : value));
  return text.replaceAll(`"${NEGATIVE_ZERO}"`, '-0.0');
}

interface Column {
  readonly input: RawColumn;
  readonly codes: (values: readonly Level[]) => Float64Array;
}

/** A column with the case's values; its vocabulary is that of the training rows, unordered. */
function columnOf({ step, training, rows, type }: StepCase): Column {
  const isText = training.some((value) => typeof value === 'string');
  if (!isText) {
    const input = { name: 'x', type: type ?? 'float', nullable: [...training, ...rows].includes(null) } as RawColumn;
    return { input, codes: (values) => Float64Array.from(values, (value) => (value === null ? NaN : Number(value))) };
  }
  const { table = [], categories = [] } = step as { table?: [Level, number][]; categories?: Level[] };
  const known = [...training, ...table.map(([level]) => level), ...categories];
  const values = [...new Set(known.filter((value) => typeof value === 'string'))].reverse();
  const places = new Map<Level, number>(values.map((value, code) => [value, code]));
  return {
    input: { name: 'x', type: 'category', codes: 'text', nullable: true, unknown: 'other', values },
    codes: (cells) => Float64Array.from(cells, (cell) => (cell === null ? NaN : (places.get(cell) ?? -1))),
  };
}

const OF_COLUMNS = ['standardize', 'minmax', 'robust'];
const WITH_OUTPUT = ['square', 'log1p', 'elapsed'];

function recipeOf(one: StepCase, input: RawColumn): PipelineRecipe {
  const { step } = one;
  const of = OF_COLUMNS.includes(step.kind) ? { columns: ['x'] } : { column: 'x' };
  const named = { ...step, ...of, ...(WITH_OUTPUT.includes(step.kind) && { output: 'y' }) };
  const recipe = { inputs: [input], accepts_missing: true };
  if (step.kind === 'arithmetic') {
    const second = { ...input, name: 'right' };
    const both = { ...step, left: 'x', right: 'right', output: 'y' };
    return { ...recipe, inputs: [input, second], steps: [both], outputs: ['y'] } as unknown as PipelineRecipe;
  }
  if (step.kind === 'impute' && input.type === 'category') {
    const table = textTable(one).map((text, i) => [text, i]);
    const steps = [named, { kind: 'lookup', column: 'x', output: 'y', table, default: -1 }];
    return { ...recipe, steps, outputs: ['y'] } as unknown as PipelineRecipe;
  }
  const output = WITH_OUTPUT.includes(step.kind) ? 'y' : step.kind === 'missing_indicator' ? 'missingindicator_x' : 'x';
  return { ...recipe, steps: [named], outputs: [output] } as unknown as PipelineRecipe;
}

/** All texts of a case, so that a text can be given as its index. */
function textTable({ training, rows, step }: StepCase): string[] {
  const { fill_value: fill } = step;
  const all = [...training, ...rows, ...(typeof fill === 'string' ? [fill] : [])];
  return [...new Set(all.filter((value) => typeof value === 'string'))];
}

/** Features of rows, with all chunks joined, one column each. */
function featuresOf(pipeline: FittedPipeline, raw: readonly Float64Array[]): Float64Array[] {
  const transform = new FeaturePipeline().compile(pipeline);
  const columns = pipeline.outputs.map(() => new Float64Array(raw[0].length));
  for (let start = 0; start < raw[0].length; start += CHUNK) {
    const rows = Math.min(CHUNK, raw[0].length - start);
    transform.compute(raw, start, rows).forEach((values, f) => columns[f].set(values.subarray(0, rows), start));
  }
  return columns;
}

/** The number that an answer encodes. */
const meant = (value: number | string | null): number =>
  value === null ? NaN : Number(String(value).replace('inf', 'Infinity'));

/** The distance of two numbers, relative to the second. */
function apart(own: number, other: number): number {
  if (own === other || (Number.isNaN(own) && Number.isNaN(other))) return 0;
  const distance = Math.abs(own - other) / Math.abs(other);
  return Number.isNaN(distance) ? Infinity : distance;
}

function farthest(own: readonly ArrayLike<number>[], other: readonly (readonly (number | string | null)[])[]): number {
  let most = own.length === other.length ? 0 : Infinity;
  own.forEach((column, f) => {
    if (column.length !== other[f]?.length) most = Infinity;
    else for (let i = 0; i < column.length; i++) most = Math.max(most, apart(column[i], meant(other[f][i])));
  });
  return most;
}

export interface Comparison {
  /** The largest relative distance between our features and Python's. */
  readonly apart: number;
  /** The same with our step using Python's fitted numbers, if they are given. */
  readonly apartWithTheirs?: number;
  readonly names: readonly string[];
}

/** Fits and applies the step, and compares it with Python's answer. */
export function compare(one: StepCase, answer: Answer): Comparison {
  if (one.step.kind === 'string_normalize') {
    const recipe = { steps: [{ ...one.step, column: 'x' }] } as unknown as PipelineRecipe;
    const normalize = textNormalizers(recipe).get('x')!;
    const texts = one.rows.map((text) => normalize(String(text)));
    const differs = texts.some((text, i) => answer.texts![i] !== null && text !== answer.texts![i]);
    return { apart: differs ? Infinity : 0, names: [] };
  }
  const { input, codes } = columnOf(one);
  const raw = (values: readonly Level[], right: readonly Level[] = one.right ?? []): Float64Array[] =>
    one.right ? [codes(values), codes(right)] : [codes(values)];
  const { target } = one;
  const training = one.training.length > 0 ? raw(one.training) : raw(one.rows);
  const fitted = new FeaturePipeline().fit(
    recipeOf(one, input),
    training,
    target && { ...target, values: Float64Array.from(target.values) },
  );
  const own = featuresOf(fitted, raw(one.rows));
  const table = textTable(one);
  const theirs = answer.columns ?? [answer.texts!.map((text) => table.indexOf(text!))];
  const unlearnt = { apart: farthest(own, theirs), names: fitted.outputs };
  if (Object.keys(answer.fitted ?? {}).length === 0) return unlearnt;
  const steps = fitted.steps.map((step) => ({ ...step, ...answer.fitted })) as FittedPipeline['steps'];
  return { ...unlearnt, apartWithTheirs: farthest(featuresOf({ ...fitted, steps }, raw(one.rows)), theirs) };
}
