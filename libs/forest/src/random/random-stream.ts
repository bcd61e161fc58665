/**
 * One step of SplitMix32, the 32-bit member of the SplitMix family (Steele, Lea, Flood: "Fast splittable pseudorandom
 * number generators", OOPSLA 2014) with the finaliser of MurmurHash3: neighbouring seeds give unrelated numbers.
 */
function splitMix32(state: number): number {
  let z = (state + 0x9e3779b9) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
}

/**
 * Random numbers by sfc32 of PractRand (Chris Doty-Humphrey, public domain): 128 bits of state, passes BigCrush. The
 * numbers depend on the seed and the stream only, so that each tree can have its own, whoever grows it.
 */
export class RandomStream {
  private readonly state = new Uint32Array(4);

  /**
   * @param seed a whole number from 0 to 2^53 - 1
   * @param stream which of the seed's independent streams
   */
  constructor(seed: number, stream: number) {
    const [low, high] = [seed >>> 0, Math.floor(seed / 2 ** 32)];
    this.state[0] = splitMix32(low);
    this.state[1] = splitMix32(this.state[0] ^ high);
    this.state[2] = splitMix32(this.state[1] ^ stream);
    this.state[3] = 1;
    for (let i = 0; i < 12; i++) this.next();
  }

  /** A whole number from 0 to 2^32 - 1. */
  private next(): number {
    const s = this.state;
    const sum = (s[0] + s[1] + s[3]) >>> 0;
    s[3] = s[3] + 1;
    s[0] = s[1] ^ (s[1] >>> 9);
    s[1] = s[2] + (s[2] << 3);
    s[2] = ((s[2] << 21) | (s[2] >>> 11)) + sum;
    return sum;
  }

  /** A whole number from 0 to `bound - 1`; for bounds far below 2^32 as even as makes no difference. */
  below(bound: number): number {
    return Math.floor((this.next() * bound) / 2 ** 32);
  }

  /** Swaps item `i` with one drawn from it and those after it: called for 0, 1, 2, ... it shuffles (Fisher, Yates). */
  swapIn(items: Int32Array, i: number): void {
    const j = i + this.below(items.length - i);
    const item = items[i];
    items[i] = items[j];
    items[j] = item;
  }
}
