const { floor, imul } = Math;

/**
 * One step of SplitMix32, the 32-bit member of the SplitMix family (Steele, Lea, Flood: "Fast splittable pseudorandom
 * number generators", OOPSLA 2014) with the finaliser of MurmurHash3: neighbouring seeds give unrelated numbers.
 */
function splitMix32(state: number): number {
  let z = (state + 0x9e3779b9) | 0;
  z = imul(z ^ (z >>> 16), 0x85ebca6b);
  z = imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
}

/**
 * Random numbers by sfc32 of PractRand (Chris Doty-Humphrey, public domain): 128 bits of state, passes BigCrush. The
 * numbers depend only on the seed and the stream, so that each tree can have its own stream in whichever thread.
 */
export class RandomStream {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  /**
   * @param seed a whole number from 0 to 2^53 - 1
   * @param stream which of the seed's independent streams
   */
  constructor(seed: number, stream: number) {
    this.a = splitMix32(seed >>> 0);
    this.b = splitMix32(this.a ^ floor(seed / 2 ** 32));
    this.c = splitMix32(this.b ^ stream);
    for (let i = 0; i < 12; i++) this.next();
  }

  /** A whole number from 0 to 2^32 - 1. */
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

  /** A whole number from 0 to `bound - 1`; the bias is negligible for bounds far below 2^32. */
  below(bound: number): number {
    return floor((this.next() * bound) / 2 ** 32);
  }

  /** Swaps item `i` with a random item at or after `i`: called for 0, 1, 2, ... it shuffles (Fisher, Yates). */
  swapIn(items: Numbers, i: number): void {
    const j = i + this.below(items.length - i);
    const item = items[i];
    items[i] = items[j];
    items[j] = item;
  }

  shuffle(items: Numbers): void {
    for (let i = 0; i < items.length; i++) this.swapIn(items, i);
  }
}

type Numbers = Int32Array | Float32Array | Float64Array;
