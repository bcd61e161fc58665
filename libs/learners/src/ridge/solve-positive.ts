/**
 * Solves `matrix x = right` for a symmetric positive definite matrix by Cholesky factorisation. The diagonal is scaled
 * to 1 first, so that columns of unlike scale cost no digits (Golub, Van Loan: "Matrix Computations", 2013, 4.2).
 *
 * @param matrix `width` x `width`, row-major; overwritten
 */
export function solvePositive(matrix: Float64Array, right: Float64Array): Float64Array {
  const width = right.length;
  const scales = Float64Array.from({ length: width }, (_, i) => 1 / Math.sqrt(matrix[i * width + i]));
  for (let i = 0; i < width; i++) for (let j = 0; j < width; j++) matrix[i * width + j] *= scales[i] * scales[j];
  factor(matrix, width);
  const solution = right.map((value, i) => value * scales[i]);
  for (let i = 0; i < width; i++) {
    let rest = solution[i];
    for (let k = 0; k < i; k++) rest -= matrix[i * width + k] * solution[k];
    solution[i] = rest / matrix[i * width + i];
  }
  for (let i = width - 1; i >= 0; i--) {
    let rest = solution[i];
    for (let k = i + 1; k < width; k++) rest -= matrix[k * width + i] * solution[k];
    solution[i] = rest / matrix[i * width + i];
  }
  return solution.map((value, i) => value * scales[i]);
}

/** The lower factor, in place. A pivot that is only rounding belongs to a column that depends on others. */
function factor(matrix: Float64Array, width: number): void {
  for (let j = 0; j < width; j++) {
    for (let i = j; i < width; i++) {
      let rest = matrix[i * width + j];
      for (let k = 0; k < j; k++) rest -= matrix[i * width + k] * matrix[j * width + k];
      matrix[i * width + j] = i === j ? Math.sqrt(Math.max(rest, Number.EPSILON)) : rest / matrix[j * width + j];
    }
  }
}
