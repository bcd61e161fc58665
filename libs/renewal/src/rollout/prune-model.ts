import { join } from 'node:path';
import { listVersions } from '#bundle';
import { type PrunedVersion, pruneVersions } from '#registry';
import { pruneRuns } from '#tracking';
import { Rollouts } from './rollouts.js';

export interface PruneOptions {
  /** How many of the newest versions stay, and of the runs that registered none; at least 1. */
  readonly keep: number;
  /** The local store of runs, and the server that they are pushed to, where there is one. */
  readonly tracking: { readonly directory: string; readonly uri?: string };
}

/** A run that was removed, by its folder. */
export interface PrunedRun {
  readonly run: string;
}

/**
 * As `pruneVersions`, once a step of a rollout that was begun is made: it may need versions that no file names yet. Then, as
 * `pruneRuns`, the runs that no version needs.
 *
 * @throws as `Rollouts.read` and `pruneVersions` do
 */
export async function* pruneModel(
  directory: string,
  model: string,
  { keep, tracking }: PruneOptions,
): AsyncGenerator<PrunedVersion | PrunedRun> {
  await new Rollouts(directory).read(model);
  yield* pruneVersions(directory, model, keep);
  const versions = await listVersions(join(directory, model));
  const { directory: store, uri } = tracking;
  for await (const run of pruneRuns({ store, uri, model, versions, keep })) yield { run };
}
