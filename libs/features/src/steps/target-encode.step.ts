import type { Target } from '../target.js';
import { PipelineError } from '../pipeline.error.js';
import { deal } from './deal.js';
import { byLevels, countLevels, type Level, levelsFlaw, noLevels, placesOf } from './levels.js';
import { pairwiseSum } from './pairwise-sum.js';
import type { ColumnLookup, FitContext, StepDefinition, TargetContext } from './step.js';

/**
 * The mean of the target over the training rows with the value, shrunk towards the overall mean (scikit-learn
 * `TargetEncoder`); with classes, the share of the second of two, or of each of more. Training rows are cross-fitted:
 * else the model would see its own answer.
 */
export interface TargetEncodeSpec {
  readonly kind: 'target_encode';
  readonly column: string;
  /** In place if not set; with three classes or more, the prefix of the new columns' names. */
  readonly output?: string;
  /** Weight of the overall mean, in rows; `auto`, if not set, derives it from the variance within the category. */
  readonly smooth?: number | 'auto';
  /** Number of cross-fitting folds; 5 if not set. */
  readonly folds?: number;
  /** Seed of the folds; 0 if not set. */
  readonly seed?: number;
}

export interface TargetEncodeStep extends TargetEncodeSpec {
  readonly categories: readonly Level[];
  /** For each output, the number of each category. */
  readonly encodings: readonly (readonly number[])[];
  /** For each output, the number of every other value. */
  readonly target_mean: readonly number[];
  readonly outputs: readonly string[];
}

const FOLDS = 5;

/** The numbers to average, one column for each output: the target itself, or 1 for the rows of a class. */
function targetsOf({ task, values, classes }: Target): Float64Array[] {
  if (task === 'regression') return [Float64Array.from(values)];
  const indicated = task === 'binary' ? [1] : classes.map((_, index) => index);
  return indicated.map((index) => Float64Array.from(values, (value) => Number(value === index)));
}

function outputsOf(step: TargetEncodeSpec, { task, classes }: Target, freshName: FitContext['freshName']): string[] {
  const name = step.output ?? step.column;
  return task === 'multiclass' ? classes.map((label) => freshName(`${name}_${label}`)) : [name];
}

interface Encoding {
  /** One for each category; the overall mean for one without rows. */
  readonly numbers: Float64Array;
  readonly mean: number;
}

/**
 * Encodes each category by some rows, with scikit-learn's rounding.
 *
 * @param places the category of each row, -1 for none
 */
function encode(target: Float64Array, places: Float64Array, categories: number, smooth: number | 'auto'): Encoding {
  const rows = target.length;
  const mean = pairwiseSum(target) / rows;
  // scikit-learn starts with the rows of the overall mean.
  const mixed = smooth === 'auto' ? 0 : smooth;
  const sum = new Float64Array(categories).fill(mixed * mean);
  const count = new Float64Array(categories).fill(mixed);
  for (let i = 0; i < rows; i++) {
    if (places[i] < 0) continue;
    sum[places[i]] += target[i];
    count[places[i]]++;
  }
  const means = sum.map((of, c) => of / count[c]);
  // Micci-Barreca (2001), equation 7.
  if (smooth !== 'auto') return { numbers: means.map((own, c) => (count[c] === 0 ? mean : own)), mean };

  const variance = pairwiseSum(target.map((value) => (value - mean) ** 2)) / rows;
  const squares = new Float64Array(categories);
  for (let i = 0; i < rows; i++) if (places[i] >= 0) squares[places[i]] += (target[i] - means[places[i]]) ** 2;
  // Micci-Barreca (2001), equations 5 and 6: the lower the variance within a category, the more weight it gets.
  const numbers = means.map((own, c) => {
    const share = (variance * count[c]) / (variance * count[c] + squares[c] / count[c]);
    return Number.isNaN(share) ? mean : share * own + (1 - share) * mean;
  });
  return { numbers, mean };
}

function targetOf({ target }: TargetContext, column: string): Target {
  if (target) return target;
  throw new PipelineError(`target_encode of "${column}" needs to know what the rows are to be predicted as`);
}

export const targetEncode: StepDefinition<TargetEncodeSpec, TargetEncodeStep> = {
  learns: ['categories', 'encodings', 'target_mean', 'outputs'],
  reads: (step) => [step.column],
  writes: (step) => step.outputs,
  group: (step) => step.output ?? step.column,
  objection: (_, content, name) => noLevels(content, name),
  missing: () => 'fill',
  flaw({ categories, encodings, target_mean, outputs }) {
    if (encodings.length !== outputs.length || target_mean.length !== outputs.length) {
      return `${outputs.length} outputs need as many encodings and means, not ${encodings.length} and ${target_mean.length}`;
    }
    const short = encodings.find(({ length }) => length !== categories.length);
    if (short) return `${categories.length} categories need as many numbers, not ${short.length}`;
    return levelsFlaw(categories);
  },
  draft(step, wanted) {
    const name = step.output ?? step.column;
    const ofClasses = wanted.filter((one) => one.startsWith(`${name}_`));
    const outputs = ofClasses.length > 0 ? ofClasses : [name];
    return { ...step, categories: [], encodings: outputs.map(() => []), target_mean: outputs.map(() => 0), outputs };
  },
  fit(step, column, rows, context) {
    const target = targetOf(context, step.column);
    const content = context.contentOf(step.column);
    const values = column(step.column);
    const { categories } = countLevels(values, rows, content);
    const places = placesOf(values, rows, content, categories);
    const learnt = targetsOf(target).map((of) => encode(of, places, categories.length, step.smooth ?? 'auto'));
    return {
      ...step,
      categories,
      encodings: learnt.map(({ numbers }) => [...numbers]),
      target_mean: learnt.map(({ mean }) => mean),
      outputs: outputsOf(step, target, context.freshName),
    };
  },
  crossFit(step, column: ColumnLookup, rows, context) {
    const target = targetOf(context, step.column);
    const { folds = FOLDS, seed = 0, smooth = 'auto', categories } = step;
    const places = placesOf(column(step.column), rows, context.contentOf(step.column), categories);
    const parts = deal(target, folds, seed);
    return targetsOf(target).map((of) => {
      const encoded = new Float64Array(rows);
      for (let part = 0; part < folds; part++) {
        const isOther = (_: number, row: number): boolean => parts[row] !== part;
        const { numbers, mean } = encode(of.filter(isOther), places.filter(isOther), categories.length, smooth);
        for (let i = 0; i < rows; i++) if (parts[i] === part) encoded[i] = places[i] < 0 ? mean : numbers[places[i]];
      }
      return encoded;
    });
  },
  bind(step, column, { contentOf }) {
    const from = column(step.column);
    const content = contentOf(step.column);
    const encoders = step.outputs.map((output, i) => ({
      to: column(output),
      encode: byLevels(content, step.categories, step.encodings[i], step.target_mean[i]),
    }));
    // The encoder that overwrites the column itself comes last.
    encoders.sort((a, b) => Number(a.to === from) - Number(b.to === from));
    return (rows) => {
      for (const { to, encode: numberOf } of encoders) numberOf(from, to, rows);
    };
  },
};
