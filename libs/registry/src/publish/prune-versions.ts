import { join } from 'node:path';
import { isActive, listVersions, readAliases, readRollout, removeVersion } from '#bundle';

/** The result for a version that is none of the newest. */
export interface PrunedVersion {
  readonly version: string;
  /** Why it is kept; null where it was removed. */
  readonly stays: string | null;
}

/** Why a version must be kept; null where it is not needed. */
async function needOf(modelsDirectory: string, name: string, version: string): Promise<string | null> {
  const aliases = Object.entries((await readAliases(modelsDirectory, name)) ?? {});
  const alias = aliases.find(([, to]) => to === version)?.[0];
  if (alias !== undefined) return `it is the ${alias}`;
  const rollout = await readRollout(modelsDirectory, name);
  const isRolledOut = rollout && isActive(rollout) && [rollout.champion, rollout.challenger].includes(version);
  return isRolledOut ? `a rollout is in progress (${rollout.state})` : null;
}

/**
 * Removes the older versions of a model, oldest first, each atomically. The newest is always kept, so that no number is
 * reused. A version that an alias or a rollout in progress needs is kept, as checked right before its removal.
 *
 * @param keep how many of the newest to keep, at least 1
 * @throws BundleError where aliases or rollout cannot be read; as Node's `rename` where the folder cannot be written
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
