/** One step of SplitMix32 with the finaliser of MurmurHash3: neighbouring seeds give unrelated numbers. */
function splitMix32(state: number): number {
  let z = (state + 0x9e3779b9) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
}

/**
 * Random numbers by sfc32 of PractRand (Chris Doty-Humphrey, public domain). Each column draws from its own stream of
 * the seed, so that changing one column leaves the others as they are.
 */
export class RandomNumbers {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;
  private spare: number | undefined;

  /**
   * @param seed a whole number from 0 to 2^53 - 1
   * @param stream which of the seed's independent streams
   */
  constructor(seed: number, stream: number) {
    this.a = splitMix32(seed >>> 0);
    this.b = splitMix32(this.a ^ Math.floor(seed / 2 ** 32));
    this.c = splitMix32(this.b ^ stream);
    for (let i = 0; i < 12; i++) this.next();
  }

  private next(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** At least 0 and below 1, a multiple of 2^-53. */
  uniform(): number {
    const high = this.next() >>> 5;
    return (high * 2 ** 26 + (this.next() >>> 6)) / 2 ** 53;
  }

  /** Standard normal, by the polar method (G. Marsaglia, T. A. Bray, SIAM Review 6, 1964): no sine, which may differ. */
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
