import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { StageOptions } from '../stage.options.js';
import { FeaturePipeline } from '#features';
import { readAnyBundle } from '#bundle';
import { OnnxScorer } from '../data/onnx-scorer.js';
import type { Candidate } from '../candidate.js';
import { computeFeatures, type PreparedPart, readPart } from '../data/prepared.js';
import {
  type BootstrapOptions,
  comparePaired,
  compareRegressions,
  evaluateClassifier,
  evaluateRegression,
  type PairedComparison,
  type PairedSample,
  permutationImportance,
} from '#statistics';
import { compareTrivial } from '../evaluate/compare-trivial.js';
import { compareMean } from '../evaluate/compare-mean.js';
import type { ModelCard } from '../evaluate/card/render-model-card.js';
import type {
  ClassifierReport,
  EvaluationReport,
  EvaluationSubject,
  RegressionReport,
  TestedRows,
} from '../evaluate/evaluation-report.js';
import { InputError } from '#kit';
import type { PreparedData, PreparedOwn } from '../files/prepared-data.js';
import { type OwnCells, readCells } from '../data/own-parts.js';
import { checkGolden } from './candidate-golden.js';
import { evaluationSubject } from './evaluation-subject.js';
import { evaluationFiles, preparedFiles } from '../files/stage-files.js';
import { unseenRows } from './unseen-rows.js';

/** Enough for an interval; a million rows get fewer, as their intervals are narrow and each resample costs. */
const resamplesFor = (rows: number): number => (rows > 100_000 ? 200 : 1_000);
const SHUFFLES_PER_FEATURE = 5;
/** Permutation scores the model features x shuffles times: on more rows it only gets slower, not surer. */
const IMPORTANCE_ROWS = 10_000;

interface ChampionScores {
  readonly probabilities: Float64Array;
  /** Places of the rows that it was not trained on; of all rows where nobody can know. */
  readonly places: Int32Array;
  readonly tested: TestedRows;
}

/** Cells of a part as another version takes them; none where it has no place for them. */
const ownColumns = (...args: Parameters<typeof readCells>): Promise<OwnCells['raw'] | undefined> =>
  readCells(...args).then(
    ({ raw }) => raw,
    (error: unknown) => {
      if (error instanceof InputError) return undefined;
      throw error;
    },
  );

/** The champion's probabilities of the test rows; none where it is not for these columns and classes. */
async function championScores(
  { data, models, training }: Pick<StageOptions, 'data' | 'training' | 'models'>,
  champion: string,
  inputs: readonly string[],
  { raw, labels }: PreparedPart,
  prepared: PreparedData,
  signal?: AbortSignal,
): Promise<ChampionScores | undefined> {
  const bundle = await readAnyBundle(join(models.directory, training.model, champion));
  if (!('pipeline' in bundle)) return undefined;
  const { manifest, pipeline, model } = bundle;
  if (!isDeepStrictEqual(manifest.classes, prepared.classes)) return undefined;
  const files = preparedFiles(data.processed);
  const columns = prepared.columns
    ? await ownColumns(files.test, pipeline, prepared as PreparedOwn, signal)
    : pipeline.inputs.map(({ name }) => raw[inputs.indexOf(name)]);
  if (columns === undefined || columns.includes(undefined as never)) return undefined;
  const scorer = await OnnxScorer.open(model, signal);
  const features = computeFeatures(new FeaturePipeline().compile(pipeline), columns, pipeline.accepts_missing);
  const probabilities = await scorer.probabilities(features).finally(() => scorer.close());
  const unseen = await unseenRows(bundle, files, prepared, inputs, signal);
  const all = Int32Array.from(labels, (_, row) => row);
  if (typeof unseen === 'string') return { probabilities, places: all, tested: { seen: null, unknown: unseen } };
  const places = all.filter((row) => unseen[row] === 1);
  return { probabilities, places, tested: { seen: all.length - places.length, unknown: null } };
}

/** Both models on the rows that count; null where there is none. */
function comparisonOf(
  { labels, classes, ...options }: Omit<PairedSample, 'candidate' | 'champion'>,
  candidate: Float64Array,
  { probabilities: champion, places }: ChampionScores,
): PairedComparison | null {
  if (places.length === 0) return null;
  const width = classes.length;
  const taken = (all: Float64Array): Float64Array =>
    Float64Array.from(
      { length: places.length * width },
      (_, i) => all[places[Math.floor(i / width)] * width + (i % width)],
    );
  return comparePaired({
    ...options,
    classes,
    labels: Int32Array.from(places, (row) => labels[row]),
    candidate: taken(candidate),
    champion: taken(champion),
  });
}

/** What a regression is worth, alone, beside the mean and beside the champion on rows that count. */
function regressionReport(
  subject: EvaluationSubject,
  { targets }: PreparedPart,
  predictions: Float64Array,
  { train_mean: mean = 0 }: PreparedData,
  champion: ChampionScores | undefined,
  options: BootstrapOptions,
): RegressionReport {
  const { seed, resamples } = options;
  const taken = (all: Float64Array): Float64Array => Float64Array.from(champion!.places, (row) => all[row]);
  return {
    subject,
    task: 'regression',
    evaluation: evaluateRegression({ targets, predictions, seed, resamples }),
    trivial: compareMean({ targets, predictions, seed, resamples }, mean),
    comparison:
      champion && champion.places.length > 0
        ? compareRegressions({
            targets: taken(targets),
            candidate: taken(predictions),
            champion: taken(champion.probabilities),
            seed,
            resamples,
          })
        : null,
    tested: champion ? champion.tested : null,
  };
}

/**
 * Scores the candidate on the test part, through the exported model as it would serve, and beside the champion on
 * those rows that it has not seen, as far as that can be known. Writes metrics, plots and the model card.
 */
export async function evaluate(
  candidate: Candidate,
  config: Pick<StageOptions, 'data' | 'training' | 'models'>,
  signal?: AbortSignal,
): Promise<EvaluationReport> {
  const { data, training } = config;
  const { prepared, pipeline, training: summary, golden, model } = candidate;
  const { rows, classes, train_class_counts } = prepared;
  const subject = await evaluationSubject(candidate, config);
  const part = await readPart(preparedFiles(data.processed).test, pipeline, prepared, { signal });
  checkGolden(golden, pipeline, part, classes);
  const isRegression = prepared.task === 'regression';
  const scorer = await OnnxScorer.open(model, signal);
  try {
    const sample = {
      labels: part.labels,
      classes: classes as number[] | string[],
      seed: training.seed,
      resamples: resamplesFor(part.labels.length),
    };
    const probabilities = await scorer.probabilities(part.features);
    const inputs = pipeline.inputs.map(({ name }) => name);
    const modelCard: ModelCard = {
      name: training.model,
      version: 'candidate',
      purpose: `Predicts ${data.target} from ${inputs.join(', ')}.`,
      identity: { algorithm: summary.algorithm, ...summary.hyperparameters, seed: summary.seed },
      data: { source: data.path, target: data.target, ...rows },
      features: pipeline.outputs,
      champion: subject.champion,
      limits: summary.warnings ?? [],
    };
    const champion =
      subject.champion && (await championScores(config, subject.champion, inputs, part, prepared, signal));
    if (isRegression) {
      const report = regressionReport(subject, part, probabilities, prepared, champion || undefined, sample);
      const { renderRegressionCard } = await import('../evaluate/card/render-regression-card.js');
      const { writeEvaluation } = await import('../evaluate/write-evaluation.js');
      signal?.throwIfAborted();
      const card = renderRegressionCard(modelCard, report);
      await writeEvaluation(report, [], card, evaluationFiles(training.artifacts).directory);
      return report;
    }
    const importance = await permutationImportance({
      features: pipeline.outputs,
      columns: part.features,
      labels: part.labels,
      maxRows: IMPORTANCE_ROWS,
      predict: (columns) => scorer.probabilities(columns),
      seed: training.seed,
      repeats: SHUFFLES_PER_FEATURE,
    });
    const report: ClassifierReport = {
      subject,
      evaluation: evaluateClassifier({ ...sample, probabilities }),
      trivial: compareTrivial({ ...sample, probabilities }, train_class_counts),
      comparison: champion ? comparisonOf(sample, probabilities, champion) : null,
      tested: champion ? champion.tested : null,
      importance,
    };
    // Only now: no other command draws.
    const { renderPlots } = await import('../evaluate/plots/render-plots.js');
    const { renderModelCard } = await import('../evaluate/card/render-model-card.js');
    const { writeEvaluation } = await import('../evaluate/write-evaluation.js');
    const plots = renderPlots(report);
    const card = renderModelCard(modelCard, report, plots);
    signal?.throwIfAborted();
    await writeEvaluation(report, plots, card, evaluationFiles(training.artifacts).directory);
    return report;
  } finally {
    await scorer.close();
  }
}
