import { type BoostingMemory, PAIR } from '../boosting-memory.js';
import { CODES } from '../feature-bins.js';

/** Where a thread puts its part of a pair's smaller histogram: the first thread where the whole will be. */
export function roomOf({ pairs, waiting, batch }: BoostingMemory, thread: number, pair: number): number {
  return thread === 0 ? pairs[pair * PAIR.size + PAIR.small] : waiting + (thread - 1) * batch + pair;
}

/** Adds the rows of one shard to the histograms of the smaller children. */
export function fillHistograms(memory: BoostingMemory, thread: number, shard: number, size: number): void {
  const { pairs, bounds, shards, batch, touched, histogram, sums, counts } = memory;
  for (let pair = 0; pair < size; pair++) {
    const first = roomOf(memory, thread, pair) * histogram;
    if (touched[thread * batch + pair] === 0) {
      touched[thread * batch + pair] = 1;
      sums.fill(0, first, first + histogram);
      if (counts.length > 0) counts.fill(0, first, first + histogram);
    }
    const segment = 2 * (pairs[pair * PAIR.size + PAIR.bounds] * shards.count + shard);
    addRows(memory, first, bounds[segment], bounds[segment + 1]);
    if (counts.length > 0) countRows(memory, first, bounds[segment], bounds[segment + 1]);
  }
}

/** The hottest loop of boosting. Codes are read four at a time; without that it takes twice as long. */
function addRows({ sums, packed, order, bins }: BoostingMemory, first: number, start: number, end: number): void {
  const { words, rowWords, columns } = bins;
  const whole = columns >> 2;
  const rest = columns & 3;
  for (let i = start; i < end; i++) {
    const row = order[i];
    const gradient = packed[row];
    let word = row * rowWords;
    let base = first;
    for (const last = word + whole; word < last; word++, base += 4 * CODES) {
      const four = words[word];
      sums[base + (four & 255)] += gradient;
      sums[base + CODES + ((four >>> 8) & 255)] += gradient;
      sums[base + 2 * CODES + ((four >>> 16) & 255)] += gradient;
      sums[base + 3 * CODES + (four >>> 24)] += gradient;
    }
    if (rest === 0) continue;
    const few = words[word];
    sums[base + (few & 255)] += gradient;
    if (rest > 1) sums[base + CODES + ((few >>> 8) & 255)] += gradient;
    if (rest > 2) sums[base + 2 * CODES + ((few >>> 16) & 255)] += gradient;
  }
}

function countRows({ counts, order, bins }: BoostingMemory, first: number, start: number, end: number): void {
  for (let i = start; i < end; i++) {
    let at = 4 * bins.rowWords * order[i];
    for (let column = 0, base = first; column < bins.columns; column++, base += CODES)
      counts[base + bins.bytes[at++]]++;
  }
}
