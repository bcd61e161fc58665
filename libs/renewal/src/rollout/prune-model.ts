import { type PrunedVersion, pruneVersions } from '#registry';
import { Rollouts } from './rollouts.js';

/**
 * As `pruneVersions`, once a step of a rollout that was begun is made: it may need versions that no file names yet.
 *
 * @param keep how many of the newest stay, at least 1
 * @throws as `Rollouts.read` and `pruneVersions` do
 */
export async function* pruneModel(directory: string, model: string, keep: number): AsyncGenerator<PrunedVersion> {
  await new Rollouts(directory).read(model);
  yield* pruneVersions(directory, model, keep);
}
