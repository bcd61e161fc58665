/** A sum of packed numbers holds one of second derivatives in its lower 26 bits, and one of gradients above. */
export const CURVATURE_UNITS = 2 ** 26;
/** Rows whose rounding, a unit each, leaves half of those bits to their sums. */
export const MAX_BOOSTING_ROWS = 2 ** 25;

/*
 * Gradient and second derivative of each row are both whole numbers of steps in one float64, so that a histogram takes
 * one addition a row instead of two and its sums are exact in any order (after Shi et al.: "Quantized training of
 * gradient boosting decision trees", NeurIPS 2022). Steps are so small that the sums over all rows fill 25 bits.
 */

/** The steps of gradients and of curvatures, from their sums (those of gradients absolute) over all rows. */
export function setSteps(steps: Float64Array, gradients: number, curvatures: number): void {
  steps[0] = gradients > 0 ? gradients / MAX_BOOSTING_ROWS : 1;
  steps[1] = curvatures / MAX_BOOSTING_ROWS;
}

/** The sum of gradients in a sum of packed numbers. */
export const gradientOf = (sum: number, steps: Float64Array): number => Math.floor(sum / CURVATURE_UNITS) * steps[0];

/** The sum of second derivatives in a sum of packed numbers. */
export const curvatureOf = (sum: number, steps: Float64Array): number =>
  (sum - Math.floor(sum / CURVATURE_UNITS) * CURVATURE_UNITS) * steps[1];
