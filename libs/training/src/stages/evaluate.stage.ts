import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { StageOptions } from '../stage.options.js';
import { FeaturePipeline } from '#features';
import { readAnyBundle } from '#bundle';
import { OnnxScorer } from '../data/onnx-scorer.js';
import type { Candidate } from '../candidate.js';
import { computeFeatures, type PreparedPart, readPart } from '../data/prepared.js';
import {
  accuracyScore,
  type BootstrapOptions,
  comparePaired,
  compareRegressions,
  errorScore,
  evaluateClassifier,
  evaluateRegression,
  type FeatureImportance,
  type ImportanceScore,
  type PairedComparison,
  permutationImportance,
  type ScoredRows,
  sliceClassifier,
  sliceRegression,
} from '#statistics';
import { compareTrivial } from '../evaluate/compare-trivial.js';
import { compareMean } from '../evaluate/compare-mean.js';
import { modelCardOf } from '../evaluate/card/model-card-of.js';
import { type SlicedRows, type SliceName, sliceRows } from '../evaluate/slice-rows.js';
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

/** 1,000 are enough for an interval; with many rows fewer suffice, as intervals are narrow and resamples slow. */
const resamplesFor = (rows: number): number => (rows > 100_000 ? 200 : 1_000);
const SHUFFLES_PER_FEATURE = 5;
/** Permutation runs the model features x shuffles times: more rows make it slower, not more precise. */
const IMPORTANCE_ROWS = 10_000;

interface ChampionScores {
  readonly probabilities: Float64Array;
  /** The decision threshold between two classes, if it has one. */
  readonly threshold?: number;
  /** Indices of the rows that it was not trained on; all rows if that is unknown. */
  readonly places: Int32Array;
  readonly tested: TestedRows;
}

/** The cells of a part in the form of another version's raw columns; undefined where they do not fit. */
const ownColumns = (...args: Parameters<typeof readCells>): Promise<OwnCells['raw'] | undefined> =>
  readCells(...args).then(
    ({ raw }) => raw,
    (error: unknown) => {
      if (error instanceof InputError) return undefined;
      throw error;
    },
  );

/** The champion's probabilities of the test rows; undefined where its columns or classes differ. */
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
  const { classes, threshold } = manifest;
  if (!isDeepStrictEqual(classes, prepared.classes)) return undefined;
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
  if (typeof unseen === 'string')
    return { probabilities, threshold, places: all, tested: { seen: null, unknown: unseen } };
  const places = all.filter((row) => unseen[row] === 1);
  return { probabilities, threshold, places, tested: { seen: all.length - places.length, unknown: null } };
}

/** Compares both models on the rows that neither was trained on; null where there is none. */
function comparisonOf(
  { labels, classes, threshold, seed, resamples }: Omit<ScoredRows, 'probabilities'> & BootstrapOptions,
  candidate: Float64Array,
  { probabilities: champion, threshold: championThreshold, places }: ChampionScores,
): PairedComparison | null {
  if (places.length === 0) return null;
  const width = classes.length;
  const taken = (all: Float64Array): Float64Array =>
    Float64Array.from(
      { length: places.length * width },
      (_, i) => all[places[Math.floor(i / width)] * width + (i % width)],
    );
  return comparePaired({
    seed,
    resamples,
    thresholds: { candidate: threshold, champion: championThreshold },
    classes,
    labels: Int32Array.from(places, (row) => labels[row]),
    candidate: taken(candidate),
    champion: taken(champion),
  });
}

/** The inputs of the evaluation that both tasks share. */
interface Measured {
  readonly subject: EvaluationSubject;
  readonly champion: ChampionScores | undefined;
  readonly options: BootstrapOptions;
  readonly slices: readonly SlicedRows[];
  readonly importanceOf: (score: ImportanceScore) => Promise<FeatureImportance[]>;
}

const named = <Slice>(slices: readonly SlicedRows[], scored: readonly Slice[]): (SliceName & Slice)[] =>
  slices.map(({ name }, i) => ({ ...name, ...scored[i] }));

/** Evaluates a regression alone, against the mean, and against the champion on unseen rows. */
async function regressionReport(
  { targets }: PreparedPart,
  predictions: Float64Array,
  { train_mean: mean = 0 }: PreparedData,
  { subject, champion, options, slices, importanceOf }: Measured,
): Promise<RegressionReport> {
  const taken = (all: Float64Array): Float64Array => Float64Array.from(champion!.places, (row) => all[row]);
  return {
    subject,
    task: 'regression',
    evaluation: evaluateRegression({ targets, predictions, ...options }),
    trivial: compareMean({ targets, predictions, ...options }, mean),
    comparison:
      champion && champion.places.length > 0
        ? compareRegressions({
            targets: taken(targets),
            candidate: taken(predictions),
            champion: taken(champion.probabilities),
            ...options,
          })
        : null,
    tested: champion ? champion.tested : null,
    importance: await importanceOf(errorScore({ targets })),
    slices: named(
      slices,
      sliceRegression(
        { targets, predictions },
        slices.map(({ places }) => places),
      ),
    ),
  };
}

/** Evaluates a classifier alone, against the class shares, and against the champion on unseen rows. */
async function classifierReport(
  { labels }: PreparedPart,
  probabilities: Float64Array,
  { classes, train_class_counts: counts }: PreparedData,
  { subject, champion, options, slices, importanceOf }: Measured,
): Promise<ClassifierReport> {
  const { threshold } = subject;
  const rows = { labels, classes, ...(threshold !== undefined && { threshold }) };
  const scored = { ...rows, probabilities };
  return {
    subject,
    evaluation: evaluateClassifier({ ...scored, ...options }),
    trivial: compareTrivial({ ...scored, ...options }, counts),
    comparison: champion ? comparisonOf({ ...rows, ...options }, probabilities, champion) : null,
    tested: champion ? champion.tested : null,
    importance: await importanceOf(accuracyScore(rows)),
    slices: named(
      slices,
      sliceClassifier(
        scored,
        slices.map(({ places }) => places),
      ),
    ),
  };
}

/**
 * Scores the candidate on the test part through its exported model, as in serving, and compares it with the champion on
 * the rows that the champion was not trained on, if these are known. Writes metrics, plots and the model card.
 */
export async function evaluate(
  candidate: Candidate,
  config: Pick<StageOptions, 'own' | 'data' | 'training' | 'models'>,
  signal?: AbortSignal,
): Promise<EvaluationReport> {
  const { own, data, training } = config;
  const { prepared, pipeline, golden, model } = candidate;
  const subject = await evaluationSubject(candidate, config);
  const file = preparedFiles(data.processed).test;
  const part = await readPart(file, pipeline, prepared, { signal });
  checkGolden(golden, pipeline, part, prepared.classes);
  const scorer = await OnnxScorer.open(model, signal);
  try {
    const predictions = await scorer.probabilities(part.features);
    const names = pipeline.inputs.map(({ name }) => name);
    const measured: Measured = {
      subject,
      champion:
        subject.champion === null
          ? undefined
          : await championScores(config, subject.champion, names, part, prepared, signal),
      options: { seed: training.seed, resamples: resamplesFor(part.labels.length) },
      slices: await sliceRows(file, pipeline.inputs, part, { own, prepared, missing: pipeline.missing }, signal),
      importanceOf: (score) =>
        permutationImportance({
          features: pipeline.outputs,
          columns: part.features,
          score,
          maxRows: IMPORTANCE_ROWS,
          predict: (columns) => scorer.probabilities(columns),
          seed: training.seed,
          repeats: SHUFFLES_PER_FEATURE,
        }),
    };
    const report =
      prepared.task === 'regression'
        ? await regressionReport(part, predictions, prepared, measured)
        : await classifierReport(part, predictions, prepared, measured);
    // Lazy, because other commands do not plot.
    const { renderPlots } = await import('../evaluate/plots/render-plots.js');
    const { renderModelCard } = await import('../evaluate/card/render-model-card.js');
    const { writeEvaluation } = await import('../evaluate/write-evaluation.js');
    const plots = renderPlots(report);
    const card = renderModelCard(modelCardOf(candidate, config, report), report, plots);
    signal?.throwIfAborted();
    await writeEvaluation(report, plots, card, evaluationFiles(training.artifacts).directory);
    return report;
  } finally {
    await scorer.close();
  }
}
