import { listModelNames } from '#bundle';
import { InputError } from '#kit';
import { pruneVersions } from '#registry';
import { Rollouts } from '#renewal';
import type { CommandContext } from '../../command-context.js';

/** Removes the oldest versions of a model. */
export async function prune(
  { config, signal, print, inform }: CommandContext,
  model: string,
  given: string,
): Promise<void> {
  const keep = /^\d+$/.test(given) ? Number(given) : NaN;
  if (!Number.isSafeInteger(keep) || keep < 1) {
    throw new InputError(`--keep ${given} must be a whole number of versions, 1 or more.`);
  }
  const { directory } = config.models;
  if (!(await listModelNames(directory)).includes(model)) {
    throw new InputError(
      `There is no model ${model} under ${directory} (models.directory); "models list" shows those there are.`,
    );
  }
  // A step that was begun is made first: it may need versions that no file names yet.
  await new Rollouts(directory).read(model);
  const removed: string[] = [];
  const left: { version: string; why: string }[] = [];
  for await (const { version, stays } of pruneVersions(directory, model, keep)) {
    if (stays === null) removed.push(version);
    else left.push({ version, why: stays });
    inform(`${model}: version ${version} ${stays === null ? 'was removed.' : `stays: ${stays}.`}`);
    signal.throwIfAborted();
  }
  print({ model, keep, removed, left }, () => {
    if (removed.length === 0) console.log(`${model}: nothing was removed.`);
  });
}
