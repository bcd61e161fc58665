import { join } from 'node:path';
import { isActive, listVersions, readAliases, readRollout, removeVersion } from '#bundle';

/** What became of a version that is none of the newest. */
export interface PrunedVersion {
  readonly version: string;
  /** Why it stays; null where it was removed. */
  readonly stays: string | null;
}

/** Why a version must not go; null where nothing needs it. */
async function needOf(modelsDirectory: string, name: string, version: string): Promise<string | null> {
  const aliases = Object.entries((await readAliases(modelsDirectory, name)) ?? {});
  const alias = aliases.find(([, to]) => to === version)?.[0];
  if (alias !== undefined) return `it is the ${alias}`;
  const rollout = await readRollout(modelsDirectory, name);
  const isRolledOut = rollout && isActive(rollout) && [rollout.champion, rollout.challenger].includes(version);
  return isRolledOut ? `a rollout is under way (${rollout.state})` : null;
}

/**
 * Removes the versions of a model that are older than its newest ones, oldest first, each whole or not at all. The newest stays,
 * so that no number is given twice; so does what an alias or a rollout under way needs, as it is when its turn comes.
 *
 * @param keep how many of the newest stay, at least 1
 * @throws BundleError where aliases or rollout cannot be read; as `rename` of Node where the folder cannot be written
 */
export async function* pruneVersions(
  modelsDirectory: string,
  name: string,
  keep: number,
): AsyncGenerator<PrunedVersion> {
  const folder = join(modelsDirectory, name);
  for (const version of (await listVersions(folder)).slice(0, -keep)) {
    const stays = await needOf(modelsDirectory, name, version);
    if (stays === null) await removeVersion(folder, version);
    yield { version, stays };
  }
}
