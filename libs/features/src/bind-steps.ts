import type { ContentLookup } from './content.js';
import { definitionOf, type FittedStep } from './steps/index.js';
import type { ColumnLookup } from './steps/step.js';

/** Computes some rows; `start` is the index of the first one among all rows. */
export type BoundStep = (rows: number, start: number) => void;

/** A step, and the content of the columns that it reads. */
export interface StepInPlace {
  readonly step: FittedStep;
  readonly contentOf: ContentLookup;
}

/** Whole columns that replace the outputs of a step, one for each output. */
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
