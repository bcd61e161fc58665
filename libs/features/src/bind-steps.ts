import type { ContentLookup } from './content.js';
import { definitionOf, type FittedStep } from './steps/index.js';
import type { ColumnLookup } from './steps/step.js';

/** Computes some rows, of which `start` is the place of the first among all. */
export type BoundStep = (rows: number, start: number) => void;

/** A step, and what it finds in the columns that it reads. */
export interface StepInPlace {
  readonly step: FittedStep;
  readonly contentOf: ContentLookup;
}

/** Whole columns that take the place of what a step would write, one for each that it writes. */
export type Substitutes = (step: FittedStep) => readonly Float64Array[] | undefined;

/** Binds steps to the columns of a chunk. */
export function bindSteps(steps: readonly StepInPlace[], column: ColumnLookup, substitutes: Substitutes): BoundStep[] {
  const writers = new Map<string, number>();
  for (const { step } of steps) {
    for (const name of definitionOf(step.kind).writes(step)) writers.set(name, (writers.get(name) ?? 0) + 1);
  }
  const isRewritten = (name: string): boolean => writers.get(name)! > 1;
  return steps.map(({ step, contentOf }) => {
    const definition = definitionOf(step.kind);
    const instead = substitutes(step);
    if (!instead) return definition.bind(step, column, { contentOf, isRewritten });
    const to = definition.writes(step).map(column);
    return (rows, start) => to.forEach((values, i) => values.set(instead[i].subarray(start, start + rows)));
  });
}
