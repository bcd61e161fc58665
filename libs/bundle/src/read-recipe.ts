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

/**
 * Checks the columns of a recipe whose steps are chosen later.
 *
 * @throws InputError naming the file, where the rules of a column contradict each other or are none of its type
 */
export function checkColumns(recipe: PipelineRecipe, path: string): void {
  try {
    parseDocument('recipe', JSON.stringify(recipe), path);
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    throw new InputError(`${path}: ${error.problem}. Compare it with config/features.yaml.`);
  }
  const [flaw] = recipe.inputs.flatMap((column) => kindOf(column).flaw(column) ?? []);
  if (flaw) throw new InputError(`${path}: ${flaw}.`);
}

/**
 * Checks a recipe from a file as far as possible without data.
 *
 * @throws InputError naming the file, where steps and columns do not match
 */
export function checkRecipe(recipe: PipelineRecipe, path: string): void {
  checkColumns(recipe, path);
  try {
    new FeaturePipeline().check(recipe);
  } catch (error) {
    if (error instanceof PipelineError) throw new InputError(`${path}: ${error.message}.`);
    throw error;
  }
}

/**
 * @param head properties of the model, which override those of the file
 * @throws InputError on a file that is no recipe, or whose steps and columns do not match
 */
export async function readRecipe(
  path: string,
  head: Pick<PipelineRecipe, 'feature_dtype' | 'accepts_missing'> = {},
): Promise<PipelineRecipe> {
  const recipe = { ...(await readStructured<PipelineRecipe>(path, recipeSchema)), ...head };
  checkRecipe(recipe, path);
  return recipe;
}
