import type { PipelineRecipe } from './pipeline.js';
import { textNormalizer } from './steps/text-form.js';

/**
 * Text normalisers by raw column: the `string_normalize` steps of a recipe or fitted pipeline, in order. They run
 * before the vocabulary is looked up.
 */
export function textNormalizers({
  steps,
}: Pick<PipelineRecipe, 'steps'>): ReadonlyMap<string, (text: string) => string> {
  const normalizers = new Map<string, (text: string) => string>();
  for (const step of steps) {
    if (step.kind !== 'string_normalize') continue;
    const normalize = textNormalizer(step);
    for (const column of 'columns' in step ? step.columns : [step.column]) {
      const before = normalizers.get(column);
      normalizers.set(column, before ? (text) => normalize(before(text)) : normalize);
    }
  }
  return normalizers;
}
