import { argmax } from '#statistics';
import type { Engine, Scores } from './engine.js';
import { KernelEngine } from './kernel-engine.js';
import type { OnnxSession } from './onnx-session.js';
import { comparedRows, digestOfScores, scoresOf } from './proof-rows.js';

/** The permitted engines: `auto` uses a kernel where it reproduces ONNX Runtime, else ONNX Runtime. */
export type EngineSetting = 'auto' | 'onnxruntime';

/** The engine of a model, and why it was chosen. */
export interface EngineChoice {
  readonly engine: 'kernel' | 'onnxruntime';
  readonly engine_reason: string;
  /** Whether a kernel was rejected because its results differ. */
  readonly isRefused?: boolean;
}

interface Chosen {
  readonly choice: EngineChoice;
  /** Only where the engine is a kernel. */
  readonly kernel?: Engine;
  /** As of a verdict; only where the engine is a kernel. */
  readonly scoresDigest?: string;
}

/**
 * Compares the scores of a kernel with those of a reference.
 *
 * @param features of the rows, row by row
 * @param tolerance absolute for probabilities; for a regression relative to the number or, if larger, to the root mean square of
 *   all; 0 requires equal bits
 * @returns a description of the first row that differs
 */
function differenceOf(
  got: Scores,
  expected: Scores,
  classes: number,
  features: Float64Array,
  tolerance: number,
): string | undefined {
  const width = classes || 1;
  const scale = classes > 0 ? 1 : Math.hypot(...expected) / Math.sqrt(expected.length);
  const rows = expected.length / width;
  const cells = features.length / rows;
  for (let row = 0, at = 0; row < rows; row++, at += width) {
    const differs = (what: string, a: number, b: number): string =>
      `it answers otherwise than ONNX Runtime: ${what} of a row is ${a}, not ${b} ([${features.subarray(row * cells, (row + 1) * cells).join(', ')}])`;
    for (let c = 0; c < width; c++) {
      const allowed = tolerance * (classes > 0 ? 1 : Math.max(scale, Math.abs(expected[at + c])));
      if (!(Math.abs(got[at + c] - expected[at + c]) <= allowed)) {
        return differs(`score ${c}`, got[at + c], expected[at + c]);
      }
    }
    const [a, b] = [argmax(got, at, width), argmax(expected, at, width)];
    if (a !== b && Math.abs(expected[at + a] - expected[at + b]) > tolerance) return differs('the class', a, b);
  }
  return undefined;
}

/**
 * Chooses the engine of a model: a kernel for tree models, where it reproduces ONNX Runtime on all rows that could reveal a
 * difference, else ONNX Runtime.
 *
 * @param session the reference
 * @param golden features of the golden rows
 * @param tolerance as of {@link differenceOf}
 * @param threads of the session; several threads sum the trees in another order, so the last bits differ from the kernel's
 * @param open creates the kernel; replaced in tests
 */
export async function chooseEngine(
  {
    model,
    session,
    golden,
    tolerance,
    threads,
  }: {
    readonly model: Uint8Array;
    readonly session: OnnxSession;
    readonly golden: readonly (readonly number[])[];
    readonly tolerance: number;
    readonly threads: number;
  },
  setting: EngineSetting,
  open = (bytes: Uint8Array, output: string) => KernelEngine.of(bytes, output),
): Promise<Chosen> {
  const runtime = (engine_reason: string, isRefused?: true): Chosen => ({
    choice: { engine: 'onnxruntime', engine_reason, ...(isRefused && { isRefused }) },
  });
  if (setting === 'onnxruntime') return runtime('inference.engine (INFERENCE_ENGINE) asks for it');
  const kernel = open(model, session.output);
  if (typeof kernel === 'string') return runtime(`No kernel computes this model, so ONNX Runtime does: ${kernel}`);
  if (kernel.width !== session.width || kernel.classes !== session.classes) {
    return runtime(
      'No kernel computes this model, so ONNX Runtime does: it reads other shapes in its graph than ONNX Runtime',
    );
  }
  const features = comparedRows(kernel, golden);
  const allowed = kernel.isExact && threads === 1 ? 0 : tolerance;
  const [got, expected] = [await scoresOf(kernel, features), await scoresOf(session, features)];
  const difference = differenceOf(got, expected, session.classes, features, allowed);
  if (difference !== undefined) return runtime(`The kernel is not used: ${difference}`, true);
  const how = allowed === 0 ? 'bit for bit' : `to ${tolerance}`;
  return {
    choice: {
      engine: 'kernel',
      engine_reason: `It answers ${features.length / kernel.width} rows as ONNX Runtime does, ${how}`,
    },
    kernel,
    scoresDigest: digestOfScores(got),
  };
}
