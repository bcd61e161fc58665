import { type Aliases, readAliases, writeAliases } from '#registry';

/**
 * Makes a version the champion where there is none.
 *
 * @param evenIf also where there is one
 */
export async function crown(directory: string, name: string, version: string, evenIf: boolean): Promise<Aliases> {
  const before = await readAliases(directory, name);
  if (before && !evenIf) return before;
  const aliases = { ...before, champion: version };
  await writeAliases(directory, name, aliases);
  return aliases;
}
