import { isVocabulary } from '../content.js';
import { PipelineError } from '../pipeline.error.js';
import { countLevels } from './levels.js';
import { median } from './quantile.js';
import type { ColumnLookup, StepDefinition } from './step.js';

/** Replaces missing values (NaN) of a column, in place, by one value (scikit-learn `SimpleImputer`). */
export interface ImputeSpec {
  readonly kind: 'impute';
  readonly column: string;
  /** Of the values present; `mean` if not set. Of equally frequent values, the first in order. */
  readonly strategy?: 'mean' | 'median' | 'most_frequent' | 'constant';
  /** The value of the strategy `constant`. */
  readonly fill_value?: number | string;
}

export interface ImputeStep extends ImputeSpec {
  /** A number, or for a categorical column a category, which may be new. */
  readonly value: number | string;
}

function meanOfPresent(values: Float64Array, rows: number): number {
  let sum = 0;
  let present = 0;
  for (let i = 0; i < rows; i++) {
    if (Number.isNaN(values[i])) continue;
    sum += values[i];
    present++;
  }
  return present === 0 ? 0 : sum / present;
}

export const impute: StepDefinition<ImputeSpec, ImputeStep> = {
  learns: ['value'],
  reads: (step) => [step.column],
  writes: (step) => [step.column],
  missing: () => 'fill',
  objection({ strategy = 'mean', fill_value: fill }, content, name) {
    if (strategy === 'constant' && fill === undefined) return 'the strategy constant needs a fill_value';
    if (!isVocabulary(content)) {
      return typeof fill === 'string'
        ? `"${name}" has numbers, and ${JSON.stringify(fill)} is not a number`
        : undefined;
    }
    return strategy === 'mean' || strategy === 'median'
      ? `"${name}" holds categories, which have no ${strategy}; set strategy to most_frequent or constant`
      : undefined;
  },
  contentAfter({ value }, name, contentOf) {
    const content = contentOf(name);
    return isVocabulary(content) && !content.includes(value) ? [...content, value] : content;
  },
  flaw({ column, value }, contentOf) {
    return !isVocabulary(contentOf(column)) && typeof value === 'string'
      ? `"${column}" has numbers, and ${JSON.stringify(value)} is not a number`
      : undefined;
  },
  draft: (step) => ({ ...step, value: step.fill_value ?? 0 }),
  fit(step, column: ColumnLookup, rows, { contentOf }) {
    const { strategy = 'mean' } = step;
    const values = column(step.column);
    if (strategy === 'constant') return { ...step, value: step.fill_value! };
    if (strategy === 'mean') return { ...step, value: meanOfPresent(values, rows) };
    if (strategy === 'median') return { ...step, value: median(values.subarray(0, rows)) };
    const content = contentOf(step.column);
    const { categories, counts } = countLevels(values, rows, content);
    const present = categories.flatMap((level, i) => (level === null ? [] : [{ level, count: counts[i] }]));
    if (present.length === 0) {
      if (!isVocabulary(content)) return { ...step, value: 0 };
      throw new PipelineError(`impute found no value in any training row of "${step.column}"; leave the column out`);
    }
    return { ...step, value: present.reduce((most, one) => (one.count > most.count ? one : most)).level };
  },
  bind(step, column, { contentOf }) {
    const values = column(step.column);
    const content = contentOf(step.column);
    const known = isVocabulary(content) ? content.indexOf(step.value) : Number(step.value);
    const value = isVocabulary(content) && known < 0 ? content.length : known;
    return (rows) => {
      for (let i = 0; i < rows; i++) if (Number.isNaN(values[i])) values[i] = value;
    };
  },
};
