import { listModelNames } from '#bundle';
import { InputError } from '#kit';
import { FileQueue, type RolloutStatus, rolloutStatus, rolloutText } from '#renewal';
import type { CommandContext } from '../../command-context.js';

/** Prints the state of the rollouts of one model, or of all. */
export async function status({ config, print }: CommandContext, model?: string): Promise<void> {
  const { directory } = config.models;
  const queue = new FileQueue(config.renewal.jobs);
  const names = await listModelNames(directory);
  if (model !== undefined && !names.includes(model)) {
    throw new InputError(
      `There is no model ${model} under ${directory} (models.directory); "models list" shows those there are.`,
    );
  }
  const found: RolloutStatus[] = [];
  for (const name of model === undefined ? names.sort() : [model])
    found.push(await rolloutStatus(directory, name, queue));
  print(model === undefined ? found : found[0], () => found.forEach((one) => console.log(rolloutText(one))));
}
