import type { KeyObject } from 'node:crypto';
import { readAliases } from '#bundle';
import { moveAlias, type Published, type PublishOptions } from '#registry';
import type { LoadedModel } from '#runtime';

/** Where to write an imported version, and whether it should serve. */
export interface ImportTarget {
  readonly name: string;
  readonly modelsDirectory: string;
  /** Makes the version the champion even if there is one already. */
  readonly champion: boolean;
  /** Where the model was fetched from, for the lineage. */
  readonly from?: string;
  /** The key of the signature that servers require, if any. */
  readonly key?: KeyObject;
}

export interface ImportedChampion {
  /** The version that serves; null while the first one waits for its signature. */
  readonly champion: string | null;
  /** Whether the imported version becomes the champion once it is signed. */
  readonly waitsForSignature: boolean;
}

export const CHAMPION_NEEDS_ANSWERS =
  '--champion needs --golden, rows that the source answered. Import without it, and promote the version by "models promote --unproven" if you have compared it yourself.';

/** Publishes an imported version, as the champion if there is none or if requested. */
export async function publishImported<Model extends LoadedModel>(
  { name, modelsDirectory, champion, key }: ImportTarget,
  publish: (options: PublishOptions) => Promise<Published<Model>>,
): Promise<Published<Model> & ImportedChampion> {
  const before = (await readAliases(modelsDirectory, name))?.champion ?? null;
  const promotion = before === null || champion ? { key, why: 'imported' } : undefined;
  const published = await publish({ promotion });
  const { version, isChampion } = published;
  return {
    ...published,
    champion: isChampion ? version : before,
    waitsForSignature: promotion !== undefined && !isChampion,
  };
}

/**
 * Publishes a version that was not compared with its source: as the challenger if there is a champion, and never as the
 * champion itself.
 */
export async function publishUnproven<Model extends LoadedModel>(
  { name, modelsDirectory }: ImportTarget,
  publish: (options: PublishOptions) => Promise<Published<Model>>,
): Promise<Published<Model> & ImportedChampion> {
  const champion = (await readAliases(modelsDirectory, name))?.champion ?? null;
  const published = await publish({});
  if (champion !== null) {
    await moveAlias(modelsDirectory, name, { alias: 'challenger', to: published.version, why: 'imported, unproven' });
  }
  return { ...published, champion, waitsForSignature: false };
}
