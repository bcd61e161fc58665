import {
  byLevels,
  countGiven,
  countLevels,
  type Grouping,
  infrequentOf,
  type Level,
  levelsFlaw,
  noLevels,
} from './levels.js';
import type { StepDefinition } from './step.js';

/**
 * The index of each value among the categories, from 0 (scikit-learn `OrdinalEncoder`). Infrequent categories share the
 * index after all others.
 */
export interface OrdinalSpec extends Grouping {
  readonly kind: 'ordinal';
  readonly column: string;
  /** In place if not set. */
  readonly output?: string;
  /** Those of the training rows, sorted, if not set: list them where their order has a meaning. */
  readonly categories?: readonly Level[];
  /** What an unknown value becomes: -1 if not set; null is a missing value. */
  readonly unknown_value?: number | null;
  /** What a missing value becomes if training rows had any; null, a missing value, if not set. */
  readonly encoded_missing_value?: number | null;
}

export interface OrdinalStep extends OrdinalSpec {
  readonly categories: readonly Level[];
  readonly infrequent?: readonly Level[];
}

/** Each category's number; a missing value takes no index among them. */
function codesOf({ categories, infrequent = [], encoded_missing_value: ofMissing }: OrdinalStep): number[] {
  const together = new Set(infrequent);
  let next = 0;
  const last = categories.filter((level) => level !== null && !together.has(level)).length;
  return categories.map((level) => {
    if (level === null) return ofMissing ?? NaN;
    return together.has(level) ? last : next++;
  });
}

export const ordinal: StepDefinition<OrdinalSpec, OrdinalStep> = {
  learns: ['categories', 'infrequent'],
  reads: (step) => [step.column],
  writes: (step) => [step.output ?? step.column],
  objection: (_, content, name) => noLevels(content, name),
  missing({ categories, unknown_value: ofUnknown, encoded_missing_value: ofMissing }) {
    if (ofUnknown === null) return 'make';
    return categories.includes(null) && typeof ofMissing !== 'number' ? 'pass' : 'fill';
  },
  flaw(step) {
    const doubled = levelsFlaw(step.categories);
    if (doubled) return doubled;
    const places = new Set(codesOf({ ...step, categories: step.categories.filter((level) => level !== null) }));
    const { unknown_value: ofUnknown, encoded_missing_value: ofMissing } = step;
    if (typeof ofUnknown === 'number' && places.has(ofUnknown)) {
      return `unknown_value ${ofUnknown} is the number of a category already`;
    }
    return typeof ofMissing === 'number' && places.has(ofMissing)
      ? `encoded_missing_value ${ofMissing} is the number of a category already`
      : undefined;
  },
  draft: (step) => ({ ...step, categories: step.categories ?? [] }),
  fit(step, column, rows, { contentOf }) {
    const found = countLevels(column(step.column), rows, contentOf(step.column));
    const { categories, counts } = step.categories ? countGiven(step.categories, found) : found;
    // Here a missing value is never infrequent, unlike in one_hot.
    const present = categories.flatMap((level, i) => (level === null ? [] : [i]));
    const infrequent = infrequentOf(
      { categories: present.map((i) => categories[i]), counts: present.map((i) => counts[i]) },
      rows,
      step,
    );
    return { ...step, categories, ...(infrequent.length > 0 && { infrequent }) };
  },
  bind(step, column, { contentOf }) {
    const ofUnknown = step.unknown_value === undefined ? -1 : (step.unknown_value ?? NaN);
    const codeOf = byLevels(contentOf(step.column), step.categories, codesOf(step), ofUnknown);
    const from = column(step.column);
    const to = column(step.output ?? step.column);
    return (rows) => codeOf(from, to, rows);
  },
};
