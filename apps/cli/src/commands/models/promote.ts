import { join } from 'node:path';
import { readAliases, readAnyBundle } from '#bundle';
import { InputError } from '#kit';
import { lineOfChampions, moveAlias, publicKeyOf, readHistory, readVersionManifest, resolveVersion } from '#registry';
import { trackerOf } from '#training';
import type { CommandContext } from '../../command-context.js';

/**
 * Makes a version the champion.
 *
 * @param unproven allow a version that was never compared with its source
 */
export async function promote(
  { config, print }: CommandContext,
  model: string,
  named: string,
  { why, unproven }: { readonly why: string; readonly unproven: boolean },
): Promise<void> {
  const { directory } = config.models;
  const version = await resolveVersion(directory, model, named);
  const manifest = await readVersionManifest(directory, model, version);
  if (!unproven && manifest.proof?.answered_by === 'translation') {
    throw new InputError(
      `${model}: version ${version} was imported without answers of its source to compare with. Import it again with --golden, or promote it with --unproven if you have compared it yourself.`,
    );
  }
  // A version that servers would refuse must not become champion.
  await readAnyBundle(join(directory, model, version), await publicKeyOf(config.models));
  if (await isRecordedChampion(directory, model, version)) {
    print({ alias: 'champion', from: version, to: version, moved: false }, () =>
      console.log(`${model}: version ${version} is the champion already; nothing was changed.`),
    );
    return;
  }
  const move = await moveAlias(directory, model, { alias: 'champion', to: version, why });
  trackerOf(config).setAlias({ name: model, version }, 'champion');
  print(move, () => console.log(`${model}: champion moved from ${move.from ?? 'none'} to ${move.to}.`));
}

/**
 * Whether a version is champion and the history records it: a move that was killed before it was recorded is repeated.
 */
async function isRecordedChampion(directory: string, model: string, version: string): Promise<boolean> {
  if ((await readAliases(directory, model))?.champion !== version) return false;
  const last = (await readHistory(directory, model)).findLast(({ alias }) => alias === 'champion');
  return last === undefined || last.to === version;
}

/** Makes the previous champion the champion again. */
export async function rollback(context: CommandContext, model: string, why: string): Promise<void> {
  const { directory } = context.config.models;
  const champion = (await readAliases(directory, model))?.champion;
  const line = lineOfChampions(await readHistory(directory, model));
  const earlier = line.at(-1) === champion ? line.at(-2) : line.at(-1);
  if (earlier === undefined) throw new InputError(`${model} has no previous champion to roll back to.`);
  await promote(context, model, earlier, { why, unproven: true });
}
