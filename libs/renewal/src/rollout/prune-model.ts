import { join } from 'node:path';
import { listVersions } from '#bundle';
import { type PrunedVersion, pruneVersions } from '#registry';
import { pruneRuns } from '#tracking';
import { Rollouts } from './rollouts.js';

export interface PruneOptions {
  /** Number of the newest versions to keep, and of the newest runs that registered none; at least 1. */
  readonly keep: number;
  /** The local store of runs, and the tracking server, if any. */
  readonly tracking: { readonly directory: string; readonly uri?: string };
}

/** The folder of a run that was removed. */
export interface PrunedRun {
  readonly run: string;
}

/**
 * Completes an unfinished step of the rollout, which may need versions that no file names yet; then removes old versions as
 * `pruneVersions` does, and runs that no version needs as `pruneRuns` does.
 *
 * @throws as `Rollouts.read` and `pruneVersions`
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
