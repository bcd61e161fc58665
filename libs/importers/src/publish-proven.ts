import { basename } from 'node:path';
import { digestOf, type Manifest, type NewBundle } from '#bundle';
import { readBytes } from '#kit';
import { publishBundle, type Unnumbered } from '#registry';
import type { ParityReport } from '#runtime';
import { evenPlaces } from '#statistics';
import { type ImportedChampion, type ImportTarget, publishImported, publishUnproven } from './imported-champion.js';
import { proveBundle } from './trees/prove.js';

/** Enough for later loads; the import itself replays all rows. */
const KEPT_ROWS = 256;

/** A version that was proven before it was written. */
export interface ProvenVersion extends ImportedChampion {
  readonly directory: string;
  readonly version: string;
  readonly parity: ParityReport;
  /** Rows replayed before the version was written, of which it keeps a part. */
  readonly proven_rows: number;
  readonly proof: Manifest['proof'];
}

/**
 * Writes a version after ONNX Runtime has answered every golden row, as a batch and alone. If its source answered them
 * it may serve at once, otherwise only after a promotion.
 *
 * @param path named in messages
 * @param tolerance see {@link proveBundle}
 * @throws BundleError naming the row whose answer differs
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

/** SHA-256 of an import's input files, by name. */
export async function digestsOf(...paths: readonly (string | undefined)[]): Promise<Record<string, string>> {
  const named = paths.filter((path) => path !== undefined);
  return Object.fromEntries(
    await Promise.all(named.map(async (path) => [basename(path), digestOf(await readBytes(path)).sha256] as const)),
  );
}
