import type { TreeEnsemble } from '#onnx';
import { TreeKernel } from '#trees';
import { LearnerError } from '../learner.error.js';

/** Rows per run: their cells fit the second-level cache. */
const ROWS = 1_024;

/**
 * Margins of rows (before the link), `rows` x outputs: leaves are added in float64 tree by tree, base values last.
 *
 * @param columns one per feature, of equal length
 * @throws LearnerError when the trees exceed what a kernel can hold
 */
export function treeMargins(ensemble: TreeEnsemble, columns: readonly Float32Array[]): Float64Array {
  const { outputs, baseValues, join, roots } = ensemble;
  const total = columns[0].length;
  const kernel = TreeKernel.of(ensemble, { rows: Math.min(ROWS, Math.max(1, total)), sums: 'float64' });
  if (typeof kernel === 'string') throw new LearnerError(`the model ${kernel}`);
  const divisor = join === 'mean' ? roots.length : 1;
  const margins = new Float64Array(total * outputs);
  for (let start = 0; start < total; start += kernel.rows) {
    const rows = Math.min(kernel.rows, total - start);
    columns.forEach((column, f) => kernel.features.set(column.subarray(start, start + rows), f * kernel.rows));
    kernel.run(rows);
    const first = start * outputs;
    for (let i = 0; i < rows * outputs; i++) margins[first + i] = kernel.sums[i] / divisor + baseValues[i % outputs];
  }
  return margins;
}
