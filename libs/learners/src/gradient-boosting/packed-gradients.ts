/** A packed sum holds the sum of second derivatives in its lower 26 bits, and that of gradients above. */
export const CURVATURE_UNITS = 2 ** 26;
/** The most rows for which rounding errors (one unit a row) take at most half of those bits. */
export const MAX_BOOSTING_ROWS = 2 ** 25;

/*
 * The gradient and second derivative of each row are whole numbers of steps, packed into one float64. A histogram then
 * takes one addition a row instead of two, and its sums are exact in any order (after Shi et al.: "Quantized training
 * of gradient boosting decision trees", NeurIPS 2022). Steps are chosen so that the sums over all rows fill 25 bits.
 */

/** Sets the steps from the sums over all rows; that of gradients is of absolute values. */
export function setSteps(steps: Float64Array, gradients: number, curvatures: number): void {
  steps[0] = gradients > 0 ? gradients / MAX_BOOSTING_ROWS : 1;
  steps[1] = curvatures / MAX_BOOSTING_ROWS;
}

/** The sum of gradients in a packed sum. */
export const gradientOf = (sum: number, steps: Float64Array): number => Math.floor(sum / CURVATURE_UNITS) * steps[0];

/** The sum of second derivatives in a packed sum. */
export const curvatureOf = (sum: number, steps: Float64Array): number =>
  (sum - Math.floor(sum / CURVATURE_UNITS) * CURVATURE_UNITS) * steps[1];
