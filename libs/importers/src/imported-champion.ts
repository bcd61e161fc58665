import type { KeyObject } from 'node:crypto';
import { readAliases } from '#bundle';
import { promote } from '#registry';

/** Where an imported version goes, and whether it is to serve. */
export interface ImportTarget {
  readonly name: string;
  readonly modelsDirectory: string;
  /** Make the version the champion even where there is one already. */
  readonly champion: boolean;
  /** Whose signature servers ask for, if they do. */
  readonly key?: KeyObject;
}

export interface ImportedChampion {
  /** The version that serves; none where the first one waits for its signature. */
  readonly champion: string | null;
  /** Whether the imported version would be the champion if it were signed. */
  readonly waitsForSignature: boolean;
}

/** Makes an imported version the champion where there is none, or where it is wanted. */
export async function promoteImported(
  { name, modelsDirectory, champion, key }: ImportTarget,
  version: string,
): Promise<ImportedChampion> {
  const before = (await readAliases(modelsDirectory, name))?.champion ?? null;
  if (before !== null && !champion) return { champion: before, waitsForSignature: false };
  const promoted = await promote(modelsDirectory, name, version, { key, why: 'imported' });
  return { champion: promoted ? version : before, waitsForSignature: !promoted };
}
