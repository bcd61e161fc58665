import { basename } from 'node:path';
import { digestOf, type Manifest, type NewBundle } from '#bundle';
import { readBytes } from '#kit';
import { publishBundle, type Unnumbered } from '#registry';
import type { ParityReport } from '#runtime';
import { evenPlaces } from '#statistics';
import { type ImportedChampion, type ImportTarget, publishImported, publishUnproven } from './imported-champion.js';
import { proveBundle } from './trees/prove.js';

/** Enough for a load to see that nothing has changed; the import replays all of them. */
const KEPT_ROWS = 256;

/** A version that was proven before it was written. */
export interface ProvenVersion extends ImportedChampion {
  readonly directory: string;
  readonly version: string;
  readonly parity: ParityReport;
  /** Rows that were replayed before the version was written: more than it keeps. */
  readonly proven_rows: number;
  readonly proof: Manifest['proof'];
}

/**
 * Writes a version once ONNX Runtime has answered every golden row, as a batch and alone. Where its source answered them it may
 * serve, else only once it is promoted.
 *
 * @param path what messages name
 * @param tolerance see {@link proveBundle}
 * @throws BundleError naming the row that is answered otherwise
 */
export async function publishProven(
  path: string,
  target: ImportTarget,
  bundle: Unnumbered<NewBundle>,
  tolerance: number,
): Promise<ProvenVersion> {
  const { manifest, golden } = bundle;
  await proveBundle(path, { ...bundle, manifest: { ...manifest, version: '1' } }, tolerance);
  const rows = evenPlaces(golden.rows.length, KEPT_ROWS).map((place) => golden.rows[place]);
  const publish = manifest.proof?.answered_by === 'source' ? publishImported : publishUnproven;
  const { directory, version, model, champion, waitsForSignature } = await publish(target, (promotion) =>
    publishBundle(target.modelsDirectory, { ...bundle, golden: { ...golden, rows } }, promotion),
  );
  const proven = { directory, version, parity: model.parity, proven_rows: golden.rows.length, proof: manifest.proof };
  return { ...proven, champion, waitsForSignature };
}

/** SHA-256 of the files that an import read, by their names. */
export async function digestsOf(...paths: readonly (string | undefined)[]): Promise<Record<string, string>> {
  const named = paths.filter((path) => path !== undefined);
  return Object.fromEntries(
    await Promise.all(named.map(async (path) => [basename(path), digestOf(await readBytes(path)).sha256] as const)),
  );
}
