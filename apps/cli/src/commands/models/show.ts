import { readVersionManifest, resolveVersion } from '#registry';
import type { CommandContext } from '../../command-context.js';

/** Prints the manifest of a version. */
export async function show({ config, print }: CommandContext, model: string, named: string): Promise<void> {
  const { directory } = config.models;
  const manifest = await readVersionManifest(directory, model, await resolveVersion(directory, model, named));
  print(manifest, () => console.log(JSON.stringify(manifest, null, 2)));
}
