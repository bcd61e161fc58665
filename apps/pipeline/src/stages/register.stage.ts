import type { PipelineConfig } from '#config';
import { readAliases } from '#registry';
import type { Run } from '#tracking';
import { CONFIDENCE } from '../evaluate/bootstrap/percentile-interval.js';
import { flatMetrics } from '../evaluate/flat-metrics.js';
import { incomparable } from '../evaluate/incomparable.js';
import { InputError } from '../input.error.js';
import { type AliasMove, moveAlias, readHistory } from '../models/alias-history.js';
import { crown } from '../models/crown.js';
import { knownVersion } from '../models/known-version.js';
import { publicKeyOf } from '../models/signing-keys.js';
import { writeCandidate } from '../models/write-candidate.js';
import { readEvaluation, whyStale } from './evaluation-subject.js';

/** What became of a candidate. */
export interface Registration {
  readonly outcome: 'registered' | 'already registered' | 'unsigned' | 'refused';
  readonly model: string;
  /** The version that holds the candidate; none where it was refused and not kept. */
  readonly version: string | null;
  readonly champion: string | null;
  /** Why the gate refused it; empty when it passed. */
  readonly reasons: readonly string[];
}

const rounded = (share: number): number => Number(share.toFixed(4));

/**
 * What the gate has against a candidate: too low a metric, or that its test rows do not prove it to be no worse than the
 * champion by more than the margin: the interval of the paired difference reaches below (non-inferiority, as in clinical
 * trials: ICH E9, 3.3.2), or there is none, as the champion cannot answer these rows.
 */
export function gateReasons(
  { minimumAccuracy, accuracyMargin, minimums, maximums }: PipelineConfig['gate'],
  metrics: Readonly<Record<string, number>>,
  serving: string | null,
): string[] {
  const accuracy = metrics.accuracy ?? 0;
  const { champion_accuracy: champion, accuracy_difference_low: low, accuracy_difference_high: high } = metrics;
  const reasons: string[] = [];
  if (!(accuracy >= minimumAccuracy))
    reasons.push(`accuracy ${accuracy} is below gate.minimumAccuracy ${minimumAccuracy}`);
  for (const [bounds, setting, isWithin] of [
    [minimums, 'minimums', (value: number, bound: number): boolean => value >= bound],
    [maximums, 'maximums', (value: number, bound: number): boolean => value <= bound],
  ] as const) {
    for (const [metric, bound] of Object.entries(bounds)) {
      const value = metrics[metric];
      if (value === undefined) reasons.push(`gate.${setting} asks for ${metric}, which this evaluation does not have`);
      else if (!isWithin(value, bound)) reasons.push(`${metric} ${value} is beyond gate.${setting} ${bound}`);
    }
  }
  if (serving !== null && champion === undefined) {
    reasons.push(
      `${incomparable(serving)}, so that nothing proves the candidate no worse: ` +
        'keep it with --keep-challenger, then decide with "models promote"',
    );
  }
  if (champion !== undefined && !(low >= -accuracyMargin)) {
    reasons.push(
      `accuracy ${accuracy} may be below the champion's ${champion} by more than gate.accuracyMargin ${accuracyMargin}: ` +
        `the ${100 * CONFIDENCE} % interval of the difference is ${rounded(low)} to ${rounded(high)}`,
    );
  }
  return reasons;
}

/**
 * Lets the gate decide on the candidate. One that passes becomes the next version and the champion, but where servers
 * ask for signatures only once it is signed; one that does not leaves the champion untouched. A version that was the
 * champion once stays what it is now, so that none that was rolled back returns by a mere rerun; one that never became
 * it, as the process was killed before, becomes it now.
 *
 * @param options.keepChallenger registers a refused candidate too, under the alias `challenger`
 * @param options.begin begins the record that the lineage of a new version names
 * @param options.signal heeded until the version is written
 * @throws InputError when the evaluation is of another candidate or beside a champion that is none any more, or the
 *   public key cannot be read
 * @throws BundleError when the candidate does not reproduce its own golden rows
 */
export async function register(
  config: PipelineConfig,
  options: { readonly keepChallenger: boolean; readonly begin?: () => Promise<Run>; readonly signal?: AbortSignal },
): Promise<Registration> {
  const { gate, models } = config;
  const name = config.training.model;
  const key = await publicKeyOf(models);
  const known = await knownVersion(config);
  const champion = (await readAliases(models.directory, name))?.champion ?? null;
  const moves = await readHistory(models.directory, name);
  const wasMade = (alias: AliasMove['alias']): boolean =>
    moves.some((move) => move.alias === alias && move.to === known);
  if (known && wasMade('champion')) {
    return { outcome: 'already registered', model: name, version: known, champion, reasons: [] };
  }

  const report = await readEvaluation(config);
  const stale = await whyStale(report, config);
  if (stale) throw new InputError(`The evaluation ${stale}: run "evaluate" again.`);
  const metrics = flatMetrics(report);
  const reasons = gateReasons(gate, metrics, report.subject.champion);
  const passed = reasons.length === 0;
  if (!passed && !options.keepChallenger && !wasMade('challenger')) {
    return { outcome: 'refused', model: name, version: null, champion, reasons };
  }
  const version =
    known ?? (await writeCandidate(config, metrics, { runId: (await options.begin?.())?.id, signal: options.signal }));
  if (passed) {
    const crowned = await crown(models.directory, name, version, { key, why: 'passed the gate' });
    return {
      outcome: crowned ? 'registered' : 'unsigned',
      model: name,
      version,
      champion: crowned ? version : champion,
      reasons,
    };
  }
  // A refused version has nobody to challenge where none serves, and must not become the champion by that.
  if (champion !== null && !wasMade('challenger')) {
    const why = `refused by the gate: ${reasons.join('; ')}`;
    await moveAlias(models.directory, name, { alias: 'challenger', to: version, why });
  }
  return { outcome: 'refused', model: name, version, champion, reasons };
}
