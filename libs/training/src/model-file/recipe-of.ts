import { existsSync } from 'node:fs';
import { checkColumns, checkRecipe, readRecipe } from '#bundle';
import type { PipelineRecipe } from '#features';
import { InputError, namingSetting } from '#kit';
import type { RawColumn } from '#schema';
import type { StageOptions } from '../stage.options.js';
import type { ModelColumn, ModelFile } from './model-file.js';

/** Keys of a column that are not part of the pipeline. */
const INFORMATIONAL = ['use', 'why', 'seen'];

/** Converts a column of a model's file to a raw column of the pipeline. */
export const rawColumn = (name: string, column: ModelColumn): RawColumn => {
  const rules = Object.entries(column).filter(([key]) => !INFORMATIONAL.includes(key));
  return { name, nullable: false, ...Object.fromEntries(rules) } as RawColumn;
};

/** The recipe of a model's own file. */
function recipeOfFile({ columns, recipe }: ModelFile, file: string): PipelineRecipe {
  const inputs = [...columns].flatMap(([name, column]) => (column.use === false ? [] : rawColumn(name, column)));
  const unused = [...columns].flatMap(([name, { use }]) => (use === false ? name : []));
  if (inputs.length === 0) throw new InputError(`${file}: every column has use: false; a model needs one at least.`);
  const table = { inputs, ...(unused.length > 0 && { unused }) };
  if (recipe !== 'auto') {
    const own = { ...table, ...recipe } as PipelineRecipe;
    checkRecipe(own, file);
    return own;
  }
  const all = { ...table, steps: [], outputs: inputs.map(({ name }) => name) };
  checkColumns(all, file);
  return all;
}

/**
 * The recipe of the model that is trained: from its own file, or from `data.recipe`.
 *
 * @throws InputError where there is no recipe, or steps and columns contradict each other
 */
export async function recipeOf({ own, data }: Pick<StageOptions, 'own' | 'data'>): Promise<PipelineRecipe> {
  if (own) return recipeOfFile(own.model, own.file);
  if (!existsSync(data.recipe)) {
    throw new InputError(
      `data.recipe: ${data.recipe} does not exist. To train a model with a file of its own, name it: npx skewless run NAME; npx skewless init FILE --target COLUMN creates that file.`,
    );
  }
  return namingSetting('data.recipe', () => readRecipe(data.recipe));
}
