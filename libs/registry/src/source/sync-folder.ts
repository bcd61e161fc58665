import { type Aliases, BundleError, parseDocument } from '#bundle';
import { fetchVersion, type SourceCache } from './fetch-version.js';
import { missing, readWhole, type RemoteFolder } from './remote-folder.js';
import type { FolderSource } from './source-url.js';

async function aliasesOf({ version }: FolderSource, folder: RemoteFolder): Promise<Aliases> {
  if (version !== undefined) return { champion: version };
  const text = await readWhole(folder, 'aliases.json');
  const location = folder.locate('aliases.json');
  if (!text) throw missing(location);
  return parseDocument('aliases', text.toString(), location);
}

/**
 * Fetches the versions that a model's aliases name.
 *
 * @returns the aliases; all their versions are cached
 * @throws BundleError naming the first file that cannot be fetched
 */
export async function syncFolder(source: FolderSource, folder: RemoteFolder, cache: SourceCache): Promise<Aliases> {
  const aliases = await aliasesOf(source, folder);
  for (const version of new Set(Object.values(aliases) as string[])) {
    const manifest = await fetchVersion(folder, version, cache);
    if (manifest.name !== source.name || manifest.version !== version) {
      throw new BundleError(
        folder.locate(`${version}/manifest.json`),
        `belongs to ${manifest.name}/${manifest.version}, but is in the folder ${source.name}/${version}`,
        'Move it to the folder of its own name and version',
      );
    }
  }
  return aliases;
}
