/** Random numbers by sfc32 of PractRand (Chris Doty-Humphrey, public domain); the same seed gives the same numbers. */
export class RandomSource {
  private readonly state: Uint32Array;

  constructor(seed: number) {
    this.state = Uint32Array.of(seed, seed / 2 ** 32, 0, 1);
    for (let i = 0; i < 16; i++) this.below(1);
  }

  /** A whole number from 0 to `bound - 1`, for bounds far below 2^32. */
  below(bound: number): number {
    const s = this.state;
    const sum = (s[0] + s[1] + s[3]) >>> 0;
    s[3] = s[3] + 1;
    s[0] = s[1] ^ (s[1] >>> 9);
    s[1] = s[2] + (s[2] << 3);
    s[2] = ((s[2] << 21) | (s[2] >>> 11)) + sum;
    return Math.floor((sum * bound) / 2 ** 32);
  }

  /** Fisher and Yates' shuffle, in place. */
  shuffle(items: Float32Array | Float64Array): void {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const item = items[i];
      items[i] = items[j];
      items[j] = item;
    }
  }
}
