import { join } from 'node:path';
import { FeaturePipeline } from '#features';
import { readAliases, readBundle } from '#bundle';
import { ServedModel } from '#runtime';

/**
 * Opens the champion as a server would; throws if its proof fails.
 * @returns its version
 */
export async function provenChampion(models: string, name = 'random_forest'): Promise<string> {
  const { champion } = (await readAliases(models, name))!;
  const bundle = await readBundle(join(models, name, champion));
  await (await ServedModel.open(bundle, new FeaturePipeline(), { threads: 1, maxPendingRows: 1 })).close();
  return champion;
}
