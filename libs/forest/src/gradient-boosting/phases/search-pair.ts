import { type BoostingMemory, FOUND, PAIR } from '../boosting-memory.js';
import { GainSearch } from '../gain-search.js';
import { roomOf } from './fill-histograms.js';

/** Completes the histograms of two siblings and looks for the best split of each. */
export class PairSearch {
  private readonly search: GainSearch;

  constructor(private readonly memory: BoostingMemory) {
    this.search = new GainSearch(memory);
  }

  searchPair(pair: number): void {
    const { pairs, pairSums } = this.memory;
    const at = pair * PAIR.size;
    const [small, large] = [pairs[at + PAIR.small], pairs[at + PAIR.large]];
    this.gather(pair);
    if (large >= 0) this.subtract(large, small);
    this.searchChild(2 * pair, small, pairSums[2 * pair], pairs[at + PAIR.smallRows]);
    if (large >= 0) this.searchChild(2 * pair + 1, large, pairSums[2 * pair + 1], pairs[at + PAIR.largeRows]);
  }

  /** Adds the parts of all threads up where the first thread's is. */
  private gather(pair: number): void {
    const { threads, batch, touched, histogram, sums, counts } = this.memory;
    const to = roomOf(this.memory, 0, pair) * histogram;
    if (touched[pair] === 0) {
      sums.fill(0, to, to + histogram);
      if (counts.length > 0) counts.fill(0, to, to + histogram);
    }
    for (let thread = 1; thread < threads; thread++) {
      if (touched[thread * batch + pair] === 0) continue;
      const from = roomOf(this.memory, thread, pair) * histogram;
      for (let i = 0; i < histogram; i++) sums[to + i] += sums[from + i];
      if (counts.length > 0) for (let i = 0; i < histogram; i++) counts[to + i] += counts[from + i];
    }
  }

  /** Turns the parent's histogram into the larger child's: much cheaper than to fill it, and exact. */
  private subtract(large: number, small: number): void {
    const { histogram, sums, counts } = this.memory;
    const [to, from] = [large * histogram, small * histogram];
    for (let i = 0; i < histogram; i++) sums[to + i] -= sums[from + i];
    if (counts.length > 0) for (let i = 0; i < histogram; i++) counts[to + i] -= counts[from + i];
  }

  private searchChild(child: number, room: number, sum: number, rows: number): void {
    const { search } = this;
    const { found } = this.memory;
    search.find(room, sum, rows);
    const at = child * FOUND.size;
    found[at + FOUND.feature] = search.feature;
    found[at + FOUND.bin] = search.bin;
    found[at + FOUND.gain] = search.gain;
    found[at + FOUND.leftSum] = search.leftSum;
  }
}
