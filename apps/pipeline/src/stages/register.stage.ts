import type { PipelineConfig } from '#config';
import { digestOf, readAliases } from '#registry';
import { readBytes } from '../data/read-bytes.js';
import { readStructured } from '../import/read-input.js';
import { type AliasMove, moveAlias, readHistory } from '../models/alias-history.js';
import { readVersions } from '../models/versions.js';
import { writeCandidate } from '../models/write-candidate.js';
import { candidateFiles, evaluationFiles } from './stage-files.js';

/** What became of a candidate. */
export interface Registration {
  readonly outcome: 'registered' | 'already registered' | 'refused';
  readonly model: string;
  /** The version that holds the candidate; none where it was refused and not kept. */
  readonly version: string | null;
  readonly champion: string | null;
  /** Why the gate refused it; empty when it passed. */
  readonly reasons: readonly string[];
}

type Metrics = Readonly<Record<string, number | null>>;

/** What the gate has against a candidate: too low a metric, or worse than the champion by more than the margin. */
export function gateReasons({ minimumAccuracy, accuracyMargin }: PipelineConfig['gate'], metrics: Metrics): string[] {
  const accuracy = metrics.accuracy ?? 0;
  const champion = metrics.champion_accuracy;
  const reasons: string[] = [];
  if (!(accuracy >= minimumAccuracy))
    reasons.push(`accuracy ${accuracy} is below gate.minimumAccuracy ${minimumAccuracy}`);
  if (typeof champion === 'number' && !(accuracy >= champion - accuracyMargin)) {
    reasons.push(
      `accuracy ${accuracy} is below the champion's ${champion} by more than gate.accuracyMargin ${accuracyMargin}`,
    );
  }
  return reasons;
}

/**
 * Lets the gate decide on the candidate. One that passes becomes the next version and the champion; one that does not
 * leaves the champion untouched. A version that was the champion once stays what it is now, so that none that was rolled
 * back returns by a mere rerun; one that never became it, as the process was killed before, becomes it now.
 *
 * @param options.keepChallenger registers a refused candidate too, under the alias `challenger`
 * @throws BundleError when the candidate does not reproduce its own golden rows
 */
export async function register(
  config: PipelineConfig,
  options: { readonly keepChallenger: boolean; readonly runId?: string },
): Promise<Registration> {
  const { training, gate, models } = config;
  const name = training.model;
  const known = await knownVersion(config);
  const champion = (await readAliases(models.directory, name))?.champion ?? null;
  const moves = await readHistory(models.directory, name);
  const wasMade = (alias: AliasMove['alias']): boolean =>
    moves.some((move) => move.alias === alias && move.to === known);
  if (known && wasMade('champion')) {
    return { outcome: 'already registered', model: name, version: known, champion, reasons: [] };
  }

  const metrics = await readStructured<Metrics>(evaluationFiles(training.artifacts).metrics, { type: 'object' });
  const reasons = gateReasons(gate, metrics);
  const passed = reasons.length === 0;
  const outcome = passed ? 'registered' : 'refused';
  const alias = passed ? 'champion' : 'challenger';
  if (!passed && !options.keepChallenger && !wasMade('challenger')) {
    return { outcome, model: name, version: null, champion, reasons };
  }
  const version = known ?? (await writeCandidate(config, metrics, options.runId ?? null));
  const why = passed ? 'passed the gate' : `refused by the gate: ${reasons.join('; ')}`;
  if (!wasMade(alias)) await moveAlias(models.directory, name, { alias, to: version, why });
  return { outcome, model: name, version, champion: passed ? version : champion, reasons };
}

/** The version that holds the candidate's very bytes. */
async function knownVersion({ training, models }: PipelineConfig): Promise<string | undefined> {
  const { sha256 } = digestOf(await readBytes(candidateFiles(training.artifacts).model));
  const versions = await readVersions(models.directory, training.model);
  return versions.find(({ files }) => files['model.onnx'].sha256 === sha256)?.version;
}
