import { join } from 'node:path';
import { type FeatureFault, type FeatureTransform, readersOf } from '#features';
import { type Bundle, BundleError, type ClassLabel, type Manifest } from '#bundle';
import { chunks } from './chunks.js';
import { decisionOf } from './decision.js';
import type { Engine, Scores } from './engine.js';
import { Scorer } from './scorer.js';

/** Largest relative difference of a feature: allows only for float64 arithmetic in another order. */
const FEATURE_TOLERANCE = 1e-12;
/** Largest absolute difference of a probability: ONNX Runtime sums in float32. */
export const PROBABILITY_TOLERANCE = 1e-6;
/** Of a regression, relative to the number or, if larger, to the root mean square of the golden numbers: float64 sums. */
export const VALUE_TOLERANCE = 1e-9;

const REMEDY = 'The version does not reproduce its golden rows: train or import it again';

/** The result of replaying a bundle's golden rows. */
export interface ParityReport {
  readonly rows: number;
  /** Largest relative difference. */
  readonly max_feature_error: number;
  /** Largest absolute difference; absent for a regression. */
  readonly max_probability_error?: number;
  /** Number of rows whose classes tie within the tolerance, so that rounding decides. Absent for a regression. */
  readonly labels_differing?: number;
  /** Largest relative difference of a regression's predictions. */
  readonly max_prediction_error?: number;
}

function relativeError(got: number, expected: number): number {
  return Object.is(got, expected) || got === expected
    ? 0
    : Math.abs(got - expected) / Math.max(Math.abs(expected), Number.MIN_VALUE);
}

/**
 * The golden inputs, one float64 column for each raw input; an absent or null value is NaN. The limits of columns are not
 * applied to numbers.
 */
function rawColumns({ pipeline, golden, directory }: Bundle): Float64Array[] {
  const inputs = pipeline.inputs.map((column) => ({ ...column, nullable: true }));
  return readersOf({ ...pipeline, inputs }).map((reader, c) => {
    const { name } = inputs[c];
    return Float64Array.from(golden.rows, ({ input }, row) => {
      const value = input[name];
      const number = reader.isFlat && typeof value === 'number' ? value : reader.fromJson(value);
      if (number !== undefined) return number;
      throw new BundleError(
        join(directory, 'golden.json'),
        `rows[${row}].input: "${name}": expected ${reader.expected}, got ${JSON.stringify(value)}`,
        REMEDY,
      );
    });
  });
}

/** Tolerance of the replay: absolute for probabilities, relative for a regression. */
export const toleranceOf = ({ proof, classes }: Manifest): number =>
  proof?.tolerance ?? (classes.length > 0 ? PROBABILITY_TOLERANCE : VALUE_TOLERANCE);

/** The features of the golden rows. */
export function goldenFeatures(bundle: Bundle, transform: FeatureTransform): number[][] {
  const raw = rawColumns(bundle);
  const features: number[][] = [];
  for (const { start, rows } of chunks(bundle.golden.rows.length)) {
    const columns = transform.compute(raw, start, rows);
    for (let i = 0; i < rows; i++) features.push(columns.map((column) => column[i]));
  }
  return features;
}

/**
 * Replays a bundle's golden rows through its pipeline and an engine. Probabilities may differ by 1e-6, numbers of a
 * regression by 1e-9 relative, or either by the tolerance of the manifest's proof.
 *
 * @throws BundleError that names the first feature, probability or label that differs
 */
export async function replayGolden(bundle: Bundle, transform: FeatureTransform, engine: Engine): Promise<ParityReport> {
  const { golden, directory } = bundle;
  const raw = rawColumns(bundle);
  const differs = (row: number, what: string, expected: unknown, got: unknown): never => {
    throw new BundleError(
      join(directory, 'golden.json'),
      `rows[${row}]: ${what}: expected ${String(expected)}, got ${String(got)}`,
      REMEDY,
    );
  };
  const scorer = new Scorer(transform, engine);
  const answers = engine.classes > 0 ? new GoldenClasses(bundle, differs) : new GoldenValues(bundle, differs);
  let worstFeature = 0;

  for (const { start, rows } of chunks(golden.rows.length)) {
    const columns = transform.compute(raw, start, rows);
    for (let i = 0; i < rows; i++) {
      const { features: expected, probabilities } = golden.rows[start + i];
      const [width, classes] = [transform.outputs.length, engine.classes];
      if (expected.length !== width) differs(start + i, 'number of features', expected.length, width);
      if (probabilities.length !== classes) differs(start + i, 'number of classes', probabilities.length, classes);
      transform.outputs.forEach((feature, f) => {
        const [got, due] = [columns[f][i], expected[f] ?? NaN];
        const error = relativeError(got, due);
        if (!(error <= FEATURE_TOLERANCE)) differs(start + i, feature, due, got);
        worstFeature = Math.max(worstFeature, error);
      });
    }

    const faults: FeatureFault[] = [];
    const scores = await scorer.score(raw, start, rows, faults);
    if (!scores) return differs(faults[0].row, faults[0].feature, 'a finite float32', 'none');
    for (let i = 0; i < rows; i++) answers.compare(start + i, scores, i * scorer.outputs);
  }
  return { rows: golden.rows.length, max_feature_error: worstFeature, ...answers.report };
}

type Differs = (row: number, what: string, expected: unknown, got: unknown) => never;

/** Compares the probabilities and the predicted classes of rows. */
class GoldenClasses {
  private readonly decide;
  private readonly tolerance: number;
  private worst = 0;
  private tiesDecidedOtherwise = 0;

  constructor(
    private readonly bundle: Bundle,
    private readonly differs: Differs,
  ) {
    this.decide = decisionOf(bundle.manifest);
    this.tolerance = toleranceOf(bundle.manifest);
  }

  get report(): Pick<ParityReport, 'max_probability_error' | 'labels_differing'> {
    return { max_probability_error: this.worst, labels_differing: this.tiesDecidedOtherwise };
  }

  compare(row: number, scores: Scores, offset: number): void {
    const { manifest, golden } = this.bundle;
    const { probabilities, prediction } = golden.rows[row];
    manifest.classes.forEach((label, c) => {
      const got = scores[offset + c];
      const error = Math.abs(got - probabilities[c]);
      if (!(error <= this.tolerance)) this.differs(row, `probability of ${label}`, probabilities[c], got);
      this.worst = Math.max(this.worst, error);
    });
    const served = manifest.classes[this.decide(scores, offset)];
    if (served === prediction) return;
    if (!(this.marginOf(probabilities, prediction, served) <= this.tolerance)) {
      this.differs(row, 'prediction', prediction, served);
    }
    this.tiesDecidedOtherwise++;
  }

  /** The change of probabilities that would have changed the predicted class. */
  private marginOf(probabilities: readonly number[], ...labels: readonly ClassLabel[]): number {
    const { classes, threshold } = this.bundle.manifest;
    const [expected, served] = labels.map((label) => probabilities[classes.indexOf(label)]);
    return Math.abs(threshold === undefined ? expected - served : probabilities[1] - threshold);
  }
}

/** Compares the predicted numbers of a regression. */
class GoldenValues {
  private readonly tolerance: number;
  private readonly scale: number;
  private worst = 0;

  constructor(
    private readonly bundle: Bundle,
    private readonly differs: Differs,
  ) {
    const { manifest, golden } = bundle;
    this.tolerance = toleranceOf(manifest);
    const squares = golden.rows.reduce((sum, { prediction }) => sum + Number(prediction) ** 2, 0);
    this.scale = Math.sqrt(squares / golden.rows.length);
  }

  get report(): Pick<ParityReport, 'max_prediction_error'> {
    return { max_prediction_error: this.worst };
  }

  compare(row: number, scores: Scores, offset: number): void {
    const { prediction } = this.bundle.golden.rows[row];
    const got = scores[offset];
    const allowed = Math.max(Math.abs(Number(prediction)), this.scale, Number.MIN_VALUE);
    const error = typeof prediction === 'number' ? Math.abs(got - prediction) / allowed : Infinity;
    if (!(error <= this.tolerance)) this.differs(row, 'prediction', prediction, got);
    this.worst = Math.max(this.worst, error);
  }
}
