import type { TrainingData } from '../data/training-data.js';
import { type BoostingMemory, type BoostingRules, FOUND, ORDER, PAIR } from './boosting-memory.js';
import { CODES, type FeatureBins } from './feature-bins.js';
import { sharedArray } from './shared-array.js';
import { shardsOf } from './shards.js';

const MAX_BATCH = 64;
/** Of histograms, at most; what is not used is not touched, so that it is never in memory. */
const HISTOGRAM_BYTES = 2 ** 30;

/** At most two batches wait at each depth, as the deepest nodes come first. */
function waitingNodes(maxDepth: number, batch: number, rows: number): number {
  let nodes = 0;
  for (let depth = 0; depth < maxDepth; depth++) nodes += Math.min(2 ** depth, 2 * batch);
  return Math.min(nodes, rows) + 1;
}

export function allocateMemory(
  { labels, classes, features: { length: features } }: TrainingData,
  bins: FeatureBins,
  rules: BoostingRules,
  threads: number,
): BoostingMemory {
  const rows = labels.length;
  const outputs = classes === 2 ? 1 : classes;
  const shards = shardsOf(rows);
  const histogram = bins.columns * CODES;
  const rooms = (batch: number): number => waitingNodes(rules.maxDepth, batch, rows) + (threads - 1) * batch;
  let batch = MAX_BATCH;
  while (batch > 1 && rooms(batch) * histogram * Float64Array.BYTES_PER_ELEMENT > HISTOGRAM_BYTES) batch /= 2;
  const waiting = waitingNodes(rules.maxDepth, batch, rows);
  const memory: BoostingMemory = {
    ...{ rows, features, classes, outputs, threads, rules, shards, bins, batch, waiting, histogram },
    labels: sharedArray(Uint16Array, rows),
    margins: sharedArray(Float32Array, rows * outputs),
    probabilities: sharedArray(Float32Array, classes === 2 ? 0 : rows * classes),
    packed: sharedArray(Float64Array, rows),
    shardSums: sharedArray(Float64Array, 3 * shards.count),
    steps: sharedArray(Float64Array, 2),
    order: sharedArray(Int32Array, 2 * rows),
    bounds: sharedArray(Int32Array, 2 * shards.count * waiting),
    sums: sharedArray(Float64Array, rooms(batch) * histogram),
    counts: sharedArray(Int32Array, rules.minSamplesLeaf > 1 ? rooms(batch) * histogram : 0),
    orders: sharedArray(Int32Array, batch * ORDER.size),
    sides: sharedArray(Uint8Array, batch * CODES),
    values: sharedArray(Float64Array, 2 * batch),
    pairs: sharedArray(Int32Array, batch * PAIR.size),
    pairSums: sharedArray(Float64Array, 2 * batch),
    touched: sharedArray(Int32Array, threads * batch),
    found: sharedArray(Float64Array, 2 * batch * FOUND.size),
  };
  memory.labels.set(labels);
  return memory;
}
