import { byLevels, countLevels, type Level, levelsFlaw, noLevels } from './levels.js';
import type { StepDefinition } from './step.js';

/** The number or share of training rows with the value; 0 for a value that none has. */
export interface CountEncodeSpec {
  readonly kind: 'count_encode';
  readonly column: string;
  /** In place if not set. */
  readonly output?: string;
  /** Shares, from 0 to 1, instead of counts. */
  readonly normalize?: boolean;
}

export interface CountEncodeStep extends CountEncodeSpec {
  readonly categories: readonly Level[];
  /** One for each category. */
  readonly values: readonly number[];
}

export const countEncode: StepDefinition<CountEncodeSpec, CountEncodeStep> = {
  learns: ['categories', 'values'],
  reads: (step) => [step.column],
  writes: (step) => [step.output ?? step.column],
  objection: (_, content, name) => noLevels(content, name),
  missing: () => 'fill',
  flaw({ categories, values }) {
    if (categories.length !== values.length) {
      return `${categories.length} categories need as many values, not ${values.length}`;
    }
    return levelsFlaw(categories);
  },
  draft: (step) => ({ ...step, categories: [], values: [] }),
  fit(step, column, rows, { contentOf }) {
    const { categories, counts } = countLevels(column(step.column), rows, contentOf(step.column));
    return { ...step, categories, values: step.normalize ? counts.map((count) => count / rows) : counts };
  },
  bind(step, column, { contentOf }) {
    const valueOf = byLevels(contentOf(step.column), step.categories, step.values, 0);
    const from = column(step.column);
    const to = column(step.output ?? step.column);
    return (rows) => valueOf(from, to, rows);
  },
};
