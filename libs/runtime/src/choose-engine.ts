import { CHUNK_ROWS } from '#features';
import { argmax } from '#statistics';
import { probeRows } from '#trees';
import type { Engine, Scores } from './engine.js';
import { KernelEngine } from './kernel-engine.js';
import type { OnnxSession } from './onnx-session.js';

/** The permitted engines: `auto` uses a kernel where it reproduces ONNX Runtime, else ONNX Runtime. */
export type EngineSetting = 'auto' | 'onnxruntime';

/** The engine of a model, and why it was chosen. */
export interface EngineChoice {
  readonly engine: 'kernel' | 'onnxruntime';
  readonly engine_reason: string;
  /** Whether a kernel was rejected because its results differ. */
  readonly isRefused?: boolean;
}

interface Chosen extends EngineChoice {
  /** Only where the engine is a kernel. */
  readonly kernel?: Engine;
}

/** Scores rows of features with an engine, row by row. */
async function scoresOf(engine: Engine, rows: readonly (readonly number[])[]): Promise<Scores> {
  const width = engine.classes || 1;
  const all = engine.classes > 0 ? new Float32Array(rows.length * width) : new Float64Array(rows.length);
  for (let start = 0; start < rows.length; start += CHUNK_ROWS) {
    const some = rows.slice(start, start + CHUNK_ROWS);
    const block = engine.block(some.length);
    some.forEach((row, i) => {
      for (let f = 0; f < row.length; f++) block.data[f * block.featureStride + i * block.rowStride] = row[f];
    });
    all.set(await engine.run(block, some.length), start * width);
  }
  return all;
}

/**
 * Compares an engine with a reference.
 *
 * @param tolerance absolute for probabilities; for a regression relative to the number or, if larger, to the root mean square of
 *   all; 0 requires equal bits
 * @returns a description of the first row that differs
 */
async function differenceOf(
  engine: Engine,
  reference: Engine,
  rows: readonly (readonly number[])[],
  tolerance: number,
): Promise<string | undefined> {
  const { classes } = reference;
  const width = classes || 1;
  const [got, expected] = [await scoresOf(engine, rows), await scoresOf(reference, rows)];
  const scale = classes > 0 ? 1 : Math.hypot(...expected) / Math.sqrt(expected.length);
  for (let row = 0, at = 0; row < rows.length; row++, at += width) {
    const differs = (what: string, a: number, b: number): string =>
      `it answers otherwise than ONNX Runtime: ${what} of a row is ${a}, not ${b} ([${rows[row].join(', ')}])`;
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
  const runtime = (engine_reason: string): Chosen => ({ engine: 'onnxruntime', engine_reason });
  if (setting === 'onnxruntime') return runtime('inference.engine (INFERENCE_ENGINE) asks for it');
  const kernel = open(model, session.output);
  if (typeof kernel === 'string') return runtime(`No kernel computes this model: ${kernel}`);
  if (kernel.width !== session.width || kernel.classes !== session.classes) {
    return runtime('No kernel computes this model: it reads other shapes in its graph than ONNX Runtime');
  }
  const rows = [...golden, ...probeRows(kernel.width, kernel.splits, kernel.dtype)];
  const allowed = kernel.isExact && threads === 1 ? 0 : tolerance;
  const difference = await differenceOf(kernel, session, rows, allowed);
  if (difference !== undefined) return { ...runtime(`The kernel is not used: ${difference}`), isRefused: true };
  const how = allowed === 0 ? 'bit for bit' : `to ${tolerance}`;
  return {
    engine: 'kernel',
    engine_reason: `It answers ${rows.length} rows as ONNX Runtime does, ${how}`,
    kernel,
  };
}
