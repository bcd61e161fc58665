import { byLevels, type Level, levelsFlaw, noLevels } from './levels.js';
import type { StepDefinition } from './step.js';

/** Maps each value to a number by a table: a hand-made map, weights of evidence, a scorecard. */
export interface LookupStep {
  readonly kind: 'lookup';
  readonly column: string;
  /** In place if not set. */
  readonly output?: string;
  /** Pairs of a value and its number; null is a missing value. */
  readonly table: readonly (readonly [Level, number])[];
  /** The number of every other value, missing included; null, a missing value, if not set. */
  readonly default?: number | null;
}

export const lookup: StepDefinition<LookupStep> = {
  reads: (step) => [step.column],
  writes: (step) => [step.output ?? step.column],
  objection: (_, content, name) => noLevels(content, name),
  missing: (step) => (typeof step.default === 'number' ? 'fill' : 'make'),
  flaw: (step) => levelsFlaw(step.table.map(([level]) => level)),
  fit: (step) => step,
  bind(step, column, { contentOf }) {
    const levels = step.table.map(([level]) => level);
    const numbers = step.table.map(([, number]) => number);
    const numberOf = byLevels(contentOf(step.column), levels, numbers, step.default ?? NaN);
    const from = column(step.column);
    const to = column(step.output ?? step.column);
    return (rows) => numberOf(from, to, rows);
  },
};
