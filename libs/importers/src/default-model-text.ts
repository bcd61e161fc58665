import { basename, dirname, resolve } from 'node:path';
import { BundleError, locateChampion, NoDefaultModelError } from '#bundle';

/** Longer lists are cut. */
const LISTED = 10;

/**
 * A sentence on which model the server's `/predict` will use from its next start on, after an import.
 *
 * @param models the settings; their default model counts for their own folder only, as in the server
 */
export async function defaultModelText(
  name: string,
  modelsDirectory: string,
  models: { readonly directory: string; readonly default?: string },
): Promise<string> {
  const named = resolve(modelsDirectory) === resolve(models.directory) ? models.default : undefined;
  const how = `DEFAULT_MODEL=${name} npm start, or set models.default`;
  try {
    const asked = basename(dirname(await locateChampion(modelsDirectory, named)));
    if (asked === name) return 'POST /predict uses it.';
    return `POST /predict still uses ${asked}; to use ${name} instead: ${how}.`;
  } catch (error) {
    if (error instanceof NoDefaultModelError) {
      const { models: all } = error;
      const found =
        all.length > LISTED ? `There are ${all.length} models and none of them is the default` : error.message;
      return `${found}. From the next start on, POST /predict answers 409 no-default-model; to name one: ${how}.`;
    }
    if (error instanceof BundleError) return `POST /predict cannot answer: ${error.message}`;
    throw error;
  }
}
