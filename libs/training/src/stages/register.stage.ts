import type { StageOptions } from '../stage.options.js';
import { readAliases } from '#bundle';
import type { Run } from '#tracking';
import { CONFIDENCE } from '#statistics';
import { incomparable, rounded, significant, testedText } from '../evaluate/incomparable.js';
import { flatMetrics } from '../evaluate/flat-metrics.js';
import type { ClassifierReport, RegressionReport } from '../evaluate/evaluation-report.js';
import { InputError } from '#kit';
import { type AliasMove, moveAlias, promote, publicKeyOf, readHistory, refuseDuringRollout } from '#registry';
import type { Candidate } from '../candidate.js';
import { knownVersion } from '../register/known-version.js';
import { publishCandidate } from '../register/publish-candidate.js';
import { readEvaluation, whyStale } from './evaluation-subject.js';

/** The input of the gate. */
type Judged =
  | Pick<ClassifierReport, 'subject' | 'task' | 'trivial' | 'comparison' | 'tested'>
  | Pick<RegressionReport, 'subject' | 'task' | 'trivial' | 'comparison' | 'tested'>;

/** The outcome for a candidate. */
export interface Registration {
  readonly outcome: 'registered' | 'already registered' | 'unsigned' | 'passed' | 'challenger' | 'refused';
  readonly model: string;
  /** The candidate's version; null where it was refused and not kept. */
  readonly version: string | null;
  readonly champion: string | null;
  /** The gate's objections, or what it lacks to become champion; empty when it passed. */
  readonly reasons: readonly string[];
  /** On which rows it was compared with the champion; null without a champion. */
  readonly tested: string | null;
  /** The move by which it ceased to be champion, if it once was. */
  readonly left?: Pick<AliasMove, 'when' | 'who' | 'why' | 'to'>;
}

/** Violations of absolute bounds: such a candidate is useless. */
export function boundReasons(
  { minimumAccuracy, minimums, maximums }: StageOptions['gate'],
  metrics: Readonly<Record<string, number>>,
): string[] {
  const accuracy = metrics.accuracy ?? 0;
  const reasons: string[] = [];
  if (metrics.rmse === undefined && !(accuracy >= minimumAccuracy))
    reasons.push(`accuracy ${accuracy} is below gate.minimumAccuracy ${minimumAccuracy}`);
  for (const [bounds, setting, isWithin] of [
    [minimums, 'minimums', (value: number, bound: number): boolean => value >= bound],
    [maximums, 'maximums', (value: number, bound: number): boolean => value <= bound],
  ] as const) {
    for (const [metric, bound] of Object.entries(bounds)) {
      const value = metrics[metric];
      if (value === undefined)
        reasons.push(
          `gate.${setting}.${metric} names a metric that this evaluation does not have; it has ${Object.keys(metrics).join(', ')}`,
        );
      else if (!isWithin(value, bound))
        reasons.push(
          `${metric} ${value} is ${setting === 'minimums' ? 'below' : 'above'} gate.${setting}.${metric} ${bound}`,
        );
    }
  }
  return reasons;
}

const interval = (low: number, high: number): string => {
  const text = Math.max(Math.abs(low), Math.abs(high)) > 10 ? significant : rounded;
  return `the ${100 * CONFIDENCE} % interval of the difference is ${text(low)} to ${text(high)}`;
};

/**
 * What the evidence does not show: that the candidate beats the trivial model, which only knows the class shares, and
 * that it is not worse than the champion by more than the margins. The latter fails if the interval of the paired
 * difference exceeds the margin (non-inferiority, as in clinical trials: ICH E9, 3.3.2), or if no row is unseen by
 * both.
 */
export function unproven(
  { accuracyMargin, logLossMargin, squaredErrorMargin, better_than_trivial: betterThanTrivial }: StageOptions['gate'],
  report: Judged,
): string[] {
  const { subject, trivial, tested } = report;
  const reasons: string[] = [];
  if (betterThanTrivial && !(trivial.high < 0)) {
    reasons.push(
      'rmse' in trivial
        ? `its mean squared error is not proven lower than that of always predicting the mean, whose RMSE is ${significant(trivial.rmse)}, as gate.better_than_trivial requires: ` +
            interval(trivial.low, trivial.high)
        : `its log loss is not proven lower than the ${rounded(trivial.log_loss)} of always predicting the class shares, as gate.better_than_trivial requires: ` +
            interval(trivial.low, trivial.high),
    );
  }
  if (subject.champion === null) return reasons;
  if (report.comparison === null) {
    const why =
      tested === null ? incomparable(subject.champion) : `champion ${subject.champion} has seen all test rows`;
    return [...reasons, `${why}, so nothing proves that the candidate is no worse`];
  }
  if (tested?.seen === null) {
    reasons.push(
      `it cannot be known which rows champion ${subject.champion} was trained on, so the comparison proves nothing`,
    );
  }
  if (report.task === 'regression') {
    const { squared_error: error } = report.comparison;
    if (!(error.high <= squaredErrorMargin * error.champion))
      reasons.push(
        `its mean squared error ${significant(error.candidate)} may be above the champion's ${significant(error.champion)} by more than gate.squaredErrorMargin ${squaredErrorMargin} of it: ` +
          interval(error.low, error.high),
      );
    return reasons;
  }
  const { accuracy, log_loss: loss } = report.comparison;
  if (!(accuracy.low >= -accuracyMargin)) {
    reasons.push(
      `accuracy ${rounded(accuracy.candidate)} may be below the champion's ${rounded(accuracy.champion)} by more than gate.accuracyMargin ${accuracyMargin}: ` +
        interval(accuracy.low, accuracy.high),
    );
  }
  if (!(loss.high <= logLossMargin)) {
    reasons.push(
      `log loss ${rounded(loss.candidate)} may be above the champion's ${rounded(loss.champion)} by more than gate.logLossMargin ${logLossMargin}: ` +
        interval(loss.low, loss.high),
    );
  }
  return reasons;
}

/**
 * Lets the gate decide on the candidate. One that passes becomes the next version and the champion, where servers
 * require signatures only once it is signed. One that is not proven becomes the challenger. One that violates an
 * absolute bound is refused and changes nothing. A version that was the champion before keeps its current role, so that
 * a rerun does not bring back a version that was rolled back; one that never became it, because the process was killed,
 * becomes it now.
 *
 * @param options.asChallenger makes a candidate that passes the challenger, for a rollout: the outcome is `passed`
 * @param options.keepChallenger also registers a refused candidate, under the alias `challenger`
 * @param options.begin begins the run that the lineage of a new version refers to
 * @param options.signal can abort until the version is written
 * @throws InputError when the evaluation is of another candidate or compares with a former champion, or the public key
 *   cannot be read
 * @throws BundleError when the candidate does not reproduce its own golden rows
 */
export async function register(
  candidate: Candidate,
  config: StageOptions,
  options: {
    readonly keepChallenger: boolean;
    readonly asChallenger?: boolean;
    readonly begin?: () => Promise<Run>;
    readonly signal?: AbortSignal;
  },
): Promise<Registration> {
  const { gate, models } = config;
  const name = config.training.model;
  const key = await publicKeyOf(models);
  await refuseDuringRollout(models.directory, name);
  const known = await knownVersion(candidate, config);
  const champion = (await readAliases(models.directory, name))?.champion ?? null;
  const moves = await readHistory(models.directory, name);
  const wasMade = (alias: AliasMove['alias']): boolean =>
    moves.some((move) => move.alias === alias && move.to === known);
  const wasChampion = known !== undefined && wasMade('champion');

  const report = await readEvaluation(config);
  const stale = await whyStale(report, candidate, config);
  if (stale && !wasChampion) throw new InputError(`The evaluation ${stale}: run "evaluate" again.`);
  const metrics = flatMetrics(report);
  const outOfBounds = boundReasons(gate, metrics);
  const tested = testedText(report) ?? null;
  const decided = { model: name, champion, tested };
  if (wasChampion) {
    const left = moves.findLast((move) => move.alias === 'champion' && move.from === known);
    return {
      ...decided,
      outcome: 'already registered',
      version: known,
      reasons: stale ? [] : outOfBounds,
      ...(champion !== known && left && { left }),
    };
  }

  const isRefused = outOfBounds.length > 0;
  if (isRefused && !options.keepChallenger && !wasMade('challenger')) {
    return { ...decided, outcome: 'refused', version: null, reasons: outOfBounds };
  }
  const lacking = unproven(gate, report);
  const passes = !isRefused && lacking.length === 0;
  const reasons = isRefused ? outOfBounds : lacking;
  const outcome = isRefused ? 'refused' : passes ? 'passed' : 'not proven';
  // Without a champion there is nothing to roll out against.
  const isRolledOut = passes && options.asChallenger === true && champion !== null;
  const promotion = passes && !isRolledOut ? { key, why: 'passed the gate' } : undefined;
  const { version, isChampion } =
    known === undefined
      ? await publishCandidate(candidate, config, report, {
          runId: (await options.begin?.())?.id,
          verdict: { outcome, reasons },
          promotion,
          signal: options.signal,
        })
      : {
          version: known,
          isChampion: promotion !== undefined && (await promote(models.directory, name, known, promotion)),
        };
  if (isRolledOut) {
    await moveAlias(models.directory, name, { alias: 'challenger', to: version, why: 'passed the gate' });
    return { ...decided, outcome: 'passed', version, reasons: [] };
  }
  if (passes) {
    return {
      ...decided,
      outcome: isChampion ? 'registered' : 'unsigned',
      version,
      champion: isChampion ? version : champion,
      reasons: [],
    };
  }
  // Without a champion, a version that did not pass gets no alias: it would serve.
  if (champion !== null && !wasMade('challenger')) {
    const why = `${isRefused ? 'refused by the gate' : 'not proven'}: ${reasons.join('; ')}`;
    await moveAlias(models.directory, name, { alias: 'challenger', to: version, why });
  }
  return { ...decided, outcome: isRefused ? 'refused' : 'challenger', version, reasons };
}
