import { FeaturePipeline, PipelineError, type PipelineRecipe } from '#features';
import { BundleError } from './bundle.error.js';
import { parseDocument } from './bundle-schemas.js';
import { InputError, readStructured } from '#kit';
import { kindOf } from '#schema';

const listOf = (required: string[]): object => ({ type: 'array', items: { type: 'object', required } });

const recipeSchema = {
  type: 'object',
  required: ['inputs', 'steps', 'outputs'],
  properties: {
    inputs: listOf(['name', 'type', 'nullable']),
    steps: listOf(['kind']),
    outputs: { type: 'array', items: { type: 'string' } },
  },
};

/** Numbers in place of those that fitting learns, so that a recipe can be checked before any data is read. */
function withoutLearning(step: PipelineRecipe['steps'][number]): object {
  if (step.kind === 'impute') return { value: 0, ...step };
  if (step.kind !== 'standardize' || !Array.isArray(step.columns)) return step;
  return { mean: step.columns.map(() => 0), scale: step.columns.map(() => 1), ...step };
}

/** @throws InputError on a file that is no recipe, or one whose steps and columns do not fit together */
export async function readRecipe(path: string): Promise<PipelineRecipe> {
  const recipe = await readStructured<PipelineRecipe>(path, recipeSchema);
  const { inputs, steps } = recipe;
  const text = JSON.stringify({ format_version: 1, ...recipe, steps: steps.map(withoutLearning) });
  try {
    new FeaturePipeline().compile(parseDocument('pipeline', text, path));
  } catch (error) {
    if (error instanceof BundleError)
      throw new InputError(`${path}: ${error.problem}. Compare it with config/features.yaml.`);
    if (error instanceof PipelineError) throw new InputError(`${path}: ${error.message}.`);
    throw error;
  }
  const [flaw] = inputs.flatMap((column) => kindOf(column).flaw(column) ?? []);
  if (flaw) throw new InputError(`${path}: ${flaw}.`);
  return recipe;
}
