import { join } from 'node:path';
import type { FeatureFault, FeatureTransform } from '#features';
import { kindOf } from '#schema';
import { argmax } from '#statistics';
import { type Bundle, BundleError } from '#bundle';
import { chunks } from './chunks.js';
import type { OnnxSession } from './onnx-session.js';
import { Scorer } from './scorer.js';

/** Largest relative difference of a feature: float64 arithmetic in another order, nothing more. */
const FEATURE_TOLERANCE = 1e-12;
/** Largest absolute difference of a probability: ONNX Runtime sums in float32. */
const PROBABILITY_TOLERANCE = 1e-6;

const REMEDY = 'Pipeline and model do not reproduce what was trained: bring them again from their training run';

/** What replaying a bundle's golden rows showed. */
export interface ParityReport {
  readonly rows: number;
  /** Largest relative difference. */
  readonly max_feature_error: number;
  /** Largest absolute difference. */
  readonly max_probability_error: number;
  /** Only of rows whose classes tie to within the tolerance: rounding decides them. */
  readonly labels_differing: number;
}

function relativeError(got: number, expected: number): number {
  return got === expected ? 0 : Math.abs(got - expected) / Math.max(Math.abs(expected), Number.MIN_VALUE);
}

/**
 * The golden inputs, one float64 column per raw input; an absent or null value is NaN. Numbers need not keep their column's
 * limits.
 */
function rawColumns({ pipeline, golden, directory }: Bundle): Float64Array[] {
  return pipeline.inputs.map((column) => {
    const { name } = column;
    const reader = kindOf(column).reader({ ...column, nullable: true });
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

/**
 * Replays a bundle's golden rows through its pipeline and its session.
 *
 * @throws BundleError naming the first row and feature, probability or label that differs, expected and got
 */
export async function replayGolden(
  bundle: Bundle,
  transform: FeatureTransform,
  session: OnnxSession,
): Promise<ParityReport> {
  const { golden, manifest, directory } = bundle;
  const raw = rawColumns(bundle);
  const differs = (row: number, what: string, expected: unknown, got: unknown): never => {
    throw new BundleError(
      join(directory, 'golden.json'),
      `rows[${row}]: ${what}: expected ${String(expected)}, got ${String(got)}`,
      REMEDY,
    );
  };
  const scorer = new Scorer(transform, session);
  let worstFeature = 0;
  let worstProbability = 0;
  let tiesDecidedOtherwise = 0;

  for (const { start, rows } of chunks(golden.rows.length)) {
    const columns = transform.compute(raw, start, rows);
    for (let i = 0; i < rows; i++) {
      const { features: expected, probabilities } = golden.rows[start + i];
      const [width, classes] = [transform.outputs.length, session.classes];
      if (expected.length !== width) differs(start + i, 'number of features', expected.length, width);
      if (probabilities.length !== classes) differs(start + i, 'number of classes', probabilities.length, classes);
      transform.outputs.forEach((feature, f) => {
        const error = relativeError(columns[f][i], expected[f]);
        if (!(error <= FEATURE_TOLERANCE)) differs(start + i, feature, expected[f], columns[f][i]);
        worstFeature = Math.max(worstFeature, error);
      });
    }

    const faults: FeatureFault[] = [];
    const probabilities = await scorer.score(raw, start, rows, faults);
    if (!probabilities) return differs(faults[0].row, faults[0].feature, 'a finite float32', 'none');
    for (let i = 0; i < rows; i++) {
      const expected = golden.rows[start + i];
      manifest.classes.forEach((label, c) => {
        const got = probabilities[i * session.classes + c];
        const error = Math.abs(got - expected.probabilities[c]);
        if (!(error <= PROBABILITY_TOLERANCE)) {
          differs(start + i, `probability of ${label}`, expected.probabilities[c], got);
        }
        worstProbability = Math.max(worstProbability, error);
      });
      const served = manifest.classes[argmax(probabilities, i * session.classes, session.classes)];
      if (served === expected.prediction) continue;
      const shares = [expected.prediction, served].map(
        (label) => expected.probabilities[manifest.classes.indexOf(label)],
      );
      if (!(Math.abs(shares[0] - shares[1]) <= PROBABILITY_TOLERANCE)) {
        differs(start + i, 'prediction', expected.prediction, served);
      }
      tiesDecidedOtherwise++;
    }
  }
  return {
    rows: golden.rows.length,
    max_feature_error: worstFeature,
    max_probability_error: worstProbability,
    labels_differing: tiesDecidedOtherwise,
  };
}
