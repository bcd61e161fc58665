/** A sum of packed numbers holds one of second derivatives in its lower 26 bits, and one of gradients above. */
const CURVATURE_UNITS = 2 ** 26;
/** Rows whose rounding, a unit each, leaves half of those bits to their sums. */
export const MAX_BOOSTING_ROWS = 2 ** 25;

/**
 * Gradient and second derivative of each row, both as whole numbers of steps in one float64, so that a histogram takes
 * one addition a row instead of two and its sums are exact in any order (after Shi et al.: "Quantized training of
 * gradient boosting decision trees", NeurIPS 2022). Steps are so small that the sums over all rows fill 25 bits. What
 * rounding takes from one row it gives to the next, so that it cancels out over many; leaf values use the numbers
 * themselves.
 */
export class PackedGradients {
  readonly packed: Float64Array;
  private gradientStep = 1;
  private curvatureStep = 1;

  constructor(rows: number) {
    this.packed = new Float64Array(rows);
  }

  /** @param gradients two numbers a row: gradient and second derivative */
  pack(gradients: Float32Array): void {
    const { packed } = this;
    let gradientSum = 0;
    let curvatureSum = 0;
    for (let i = 0; i < gradients.length; i += 2) {
      gradientSum += Math.abs(gradients[i]);
      curvatureSum += gradients[i + 1];
    }
    this.gradientStep = gradientSum > 0 ? gradientSum / MAX_BOOSTING_ROWS : 1;
    this.curvatureStep = curvatureSum / MAX_BOOSTING_ROWS;
    const [perGradient, perCurvature] = [1 / this.gradientStep, 1 / this.curvatureStep];
    let gradientRest = 0;
    let curvatureRest = 0;
    for (let row = 0; row < packed.length; row++) {
      const gradient = gradients[2 * row] * perGradient + gradientRest;
      const curvature = gradients[2 * row + 1] * perCurvature + curvatureRest;
      const wholeGradient = Math.floor(gradient + 0.5);
      const wholeCurvature = Math.floor(curvature + 0.5);
      gradientRest = gradient - wholeGradient;
      curvatureRest = curvature - wholeCurvature;
      packed[row] = wholeGradient * CURVATURE_UNITS + wholeCurvature;
    }
  }

  /** The sum of gradients in a sum of packed numbers. */
  gradientOf(sum: number): number {
    return Math.floor(sum / CURVATURE_UNITS) * this.gradientStep;
  }

  /** The sum of second derivatives in a sum of packed numbers. */
  curvatureOf(sum: number): number {
    return (sum - Math.floor(sum / CURVATURE_UNITS) * CURVATURE_UNITS) * this.curvatureStep;
  }
}
