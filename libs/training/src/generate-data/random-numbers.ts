import { RandomStream } from '#kit';

/** Each column draws from its own stream, so that changing one column does not change the others. */
export class RandomNumbers extends RandomStream {
  private spare: number | undefined;

  /** Standard normal, by the polar method (G. Marsaglia, T. A. Bray, SIAM Review 6, 1964): no sine, which may vary. */
  normal(): number {
    if (this.spare !== undefined) {
      const spare = this.spare;
      this.spare = undefined;
      return spare;
    }
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      this.spare = y * factor;
      return x * factor;
    }
  }
}
