import type { PipelineRecipe } from './pipeline.js';
import { isOwn } from './steps/index.js';
import type { Level } from './steps/levels.js';

/**
 * The values that a recipe's steps name, by column. A learnt vocabulary must include them: else a value that no
 * training row has would be unknown to a step that names it.
 */
export function knownValues({
  steps,
}: Pick<PipelineRecipe, 'steps'>): ReadonlyMap<string, readonly (string | number)[]> {
  const known = new Map<string, (string | number)[]>();
  for (const step of steps) {
    if (isOwn(step.kind)) continue;
    const {
      column,
      columns = [column],
      table = [],
      categories = [],
    } = step as {
      column?: string;
      columns?: readonly string[];
      table?: readonly (readonly [Level, number])[];
      categories?: readonly Level[];
    };
    const values = [...table.map(([level]) => level), ...categories].filter((level) => level !== null);
    for (const name of columns)
      if (name !== undefined && values.length > 0) known.set(name, [...(known.get(name) ?? []), ...values]);
  }
  return known;
}
