import { type FittedPipeline, formatVersion, type PipelineRecipe } from '#features';
import { parseDocument } from '#bundle';
import { InputError, readStructured } from '#kit';

/** A fitted `StandardScaler` as written by `tools/export_sklearn.py`. */
export interface ScalerDump {
  readonly numeric_features: readonly string[];
  readonly mean: readonly number[];
  readonly scale: readonly number[];
  readonly versions?: Readonly<Record<string, string>>;
}

const numbers = { type: 'array', items: { type: 'number' } };
const scalerSchema = {
  type: 'object',
  required: ['numeric_features', 'mean', 'scale'],
  properties: { numeric_features: { type: 'array', items: { type: 'string' } }, mean: numbers, scale: numbers },
};

export async function readScalerDump(path: string): Promise<ScalerDump> {
  const scaler = await readStructured<ScalerDump>(path, scalerSchema);
  const { numeric_features: columns, mean, scale } = scaler;
  if (mean.length !== columns.length || scale.length !== columns.length) {
    throw new InputError(
      `${path}: ${columns.length} columns need as many means and scales, not ${mean.length} and ${scale.length}.`,
    );
  }
  return scaler;
}

/** The recipe of a model whose features are its raw columns after the scaler. */
export function plainRecipe(scaler: ScalerDump, features: readonly string[]): PipelineRecipe {
  return {
    inputs: features.map((name) => ({ name, type: 'float', nullable: false })),
    steps: [{ kind: 'standardize', columns: scaler.numeric_features }],
    outputs: features,
  };
}

/**
 * Fits a recipe with the numbers that scikit-learn learnt.
 *
 * @throws InputError when recipe, scaler and model have different columns
 */
export function fitFromScaler(
  recipe: PipelineRecipe,
  scaler: ScalerDump,
  features: readonly string[],
  source: string,
): FittedPipeline {
  if (recipe.outputs.join() !== features.join()) {
    throw new InputError(
      `${source}: outputs are [${recipe.outputs.join(', ')}], the model was trained on [${features.join(', ')}]; names and order must be the same.`,
    );
  }
  const steps = recipe.steps.map((step) => {
    if (step.kind !== 'standardize') return step;
    const at = step.columns.map((name) => scaler.numeric_features.indexOf(name));
    if (at.includes(-1) || at.length !== scaler.numeric_features.length) {
      throw new InputError(
        `${source}: the standardize step names [${step.columns.join(', ')}], the scaler was fitted on [${scaler.numeric_features.join(', ')}]; they must be the same columns.`,
      );
    }
    return { ...step, mean: at.map((i) => scaler.mean[i]), scale: at.map((i) => scaler.scale[i]) };
  });
  const fitted = { ...recipe, steps: steps as FittedPipeline['steps'] };
  return parseDocument('pipeline', JSON.stringify({ format_version: formatVersion(fitted), ...fitted }), source);
}
