import { type FittedPipeline, formatVersion } from '#features';
import type { TranslatedModel } from './translated-model.js';

/** The properties of a tree model's features, whatever computes them. */
export const headOf = ({ ensemble }: TranslatedModel): Pick<FittedPipeline, 'feature_dtype' | 'accepts_missing'> => ({
  feature_dtype: ensemble.input,
  accepts_missing: true,
});

/** The pipeline of a model whose raw columns are its features. */
export function plainPipeline(model: TranslatedModel): FittedPipeline {
  const { inputs, steps } = model;
  const pipeline = { inputs, steps, outputs: inputs.map(({ name }) => name), ...headOf(model) };
  return { format_version: formatVersion(pipeline), ...pipeline };
}
