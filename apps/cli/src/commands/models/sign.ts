import { join } from 'node:path';
import { readAnyBundle, signBundle } from '#bundle';
import { privateKeyIn, resolveVersion } from '#registry';
import type { CommandContext } from '../../command-context.js';

/** Signs a version, for servers that require signatures. */
export async function sign(
  { config, print }: CommandContext,
  model: string,
  named: string,
  key: string,
): Promise<void> {
  const version = await resolveVersion(config.models.directory, model, named);
  const bundle = join(config.models.directory, model, version);
  await readAnyBundle(bundle);
  const signature = await signBundle(bundle, await privateKeyIn(key));
  print({ signature }, () => console.log(`Signed: ${signature}`));
}
