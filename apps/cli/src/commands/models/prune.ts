import { listModelNames } from '#bundle';
import { InputError } from '#kit';
import { pruneModel } from '#renewal';
import type { CommandContext } from '../../command-context.js';

interface Pruned {
  readonly model: string;
  readonly keep: number;
  readonly removed: readonly string[];
  readonly left: readonly { readonly version: string; readonly why: string }[];
  /** Folders of removed runs. */
  readonly runs: readonly string[];
}

/** Removes the oldest versions of a model, or of every model, and the runs that no version needs. */
export async function prune(context: CommandContext, model: string | undefined, given: string): Promise<void> {
  const keep = /^\d+$/.test(given) ? Number(given) : NaN;
  if (!Number.isSafeInteger(keep) || keep < 1) {
    throw new InputError(`--keep ${given} must be a whole number of versions, 1 or more.`);
  }
  const { directory } = context.config.models;
  const models = await listModelNames(directory);
  if (model !== undefined && !models.includes(model)) {
    throw new InputError(
      `There is no model ${model} under ${directory} (models.directory); "models list" shows those there are.`,
    );
  }
  const pruned: Pruned[] = [];
  for (const name of model === undefined ? models : [model]) pruned.push(await pruneAndTell(context, name, keep));
  context.print(model === undefined ? pruned : pruned[0], () => {
    for (const { model: name, removed, runs } of pruned)
      if (removed.length + runs.length === 0) console.log(`${name}: nothing was removed.`);
  });
}

async function pruneAndTell(
  { config, configOf, signal, inform }: CommandContext,
  model: string,
  keep: number,
): Promise<Pruned> {
  const removed: string[] = [];
  const left: { version: string; why: string }[] = [];
  const runs: string[] = [];
  const { tracking } = configOf(model);
  for await (const pruned of pruneModel(config.models.directory, model, { keep, tracking })) {
    if ('run' in pruned) {
      runs.push(pruned.run);
      inform(`${model}: the run ${pruned.run} was removed.`);
    } else {
      const { version, stays } = pruned;
      if (stays === null) removed.push(version);
      else left.push({ version, why: stays });
      inform(`${model}: version ${version} ${stays === null ? 'was removed.' : `stays: ${stays}.`}`);
    }
    signal.throwIfAborted();
  }
  return { model, keep, removed, left, runs };
}
