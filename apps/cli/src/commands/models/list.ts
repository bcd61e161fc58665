import { BundleError, listModelNames, type Manifest, readAliases, type TensorManifest } from '#bundle';
import { readVersions } from '#registry';
import type { CommandContext } from '../../command-context.js';

interface ListedVersion {
  readonly model: string;
  readonly version: string;
  readonly alias: string;
  readonly algorithm: string | null;
  readonly test_accuracy: number | null;
  /** Of a regression, in units of the target. */
  readonly test_rmse?: number;
  readonly timestamp: string | null;
  /** Why the version could not be read. */
  readonly fault?: string;
}

function described(
  manifest?: Manifest | TensorManifest,
): Pick<ListedVersion, 'algorithm' | 'test_accuracy' | 'test_rmse'> {
  if (!manifest) return { algorithm: null, test_accuracy: null };
  if ('kind' in manifest) return { algorithm: 'onnx', test_accuracy: null };
  const { test_accuracy = null, test_rmse } = manifest.metrics;
  return { algorithm: manifest.algorithm, test_accuracy, ...(test_rmse !== undefined && { test_rmse }) };
}

/** Lists all versions of all models; what cannot be read is a fault of its versions, and the others are listed. */
export async function list({ config, print }: CommandContext): Promise<void> {
  const { directory } = config.models;
  const rows: ListedVersion[] = [];
  for (const name of await listModelNames(directory)) {
    let aliases: readonly [string, string][] = [];
    let unreadable: string | undefined;
    try {
      aliases = Object.entries((await readAliases(directory, name)) ?? {});
    } catch (error) {
      if (!(error instanceof BundleError)) throw error;
      unreadable = error.message;
    }
    for (const { version, manifest, fault = unreadable } of await readVersions(directory, name)) {
      const alias = aliases.filter(([, to]) => to === version).map(([known]) => known);
      rows.push({
        model: name,
        version,
        alias: alias.join(', '),
        ...described(manifest),
        timestamp: manifest?.timestamp ?? null,
        ...(fault && { fault }),
      });
    }
  }
  print(rows, () => console.table(rows));
}
