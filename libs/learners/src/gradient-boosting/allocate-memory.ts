import { type RegressionData, rowsOf, type TrainingData } from '../data/training-data.js';
import type { Arena } from './arena.js';
import { type BoostingMemory, type BoostingRules, FOUND, ORDER, PAIR } from './boosting-memory.js';
import { CODES, type FeatureBins } from './feature-bins.js';
import { shardsOf } from './shards.js';

const MAX_BATCH = 64;
/** The most bytes of histograms; untouched pages take no memory. */
const HISTOGRAM_BYTES = 2 ** 30;

/** At most two batches wait at each depth, because the deepest nodes are handled first. */
function waitingNodes(maxDepth: number, batch: number, rows: number): number {
  let nodes = 0;
  for (let depth = 0; depth < maxDepth; depth++) nodes += Math.min(2 ** depth, 2 * batch);
  return Math.min(nodes, rows) + 1;
}

export function allocateMemory(
  arena: Arena,
  data: TrainingData | RegressionData,
  bins: FeatureBins,
  rules: BoostingRules,
  threads: number,
): BoostingMemory {
  const features = data.features.length;
  const rows = rowsOf(data);
  const isRegression = 'targets' in data;
  const classes = isRegression ? 0 : data.classes;
  const outputs = classes > 2 ? classes : 1;
  const weights = rules.classWeights;
  const shards = shardsOf(rows);
  const histogram = bins.columns * CODES;
  const slots = (batch: number): number => waitingNodes(rules.maxDepth, batch, rows) + (threads - 1) * batch;
  let batch = MAX_BATCH;
  while (batch > 1 && slots(batch) * histogram * Float64Array.BYTES_PER_ELEMENT > HISTOGRAM_BYTES) batch /= 2;
  const waiting = waitingNodes(rules.maxDepth, batch, rows);
  const arrays = {
    labels: arena.array(Uint16Array, isRegression ? 0 : rows),
    targets: arena.array(Float32Array, isRegression ? rows : 0),
    weights: arena.array(Float64Array, weights.length),
    curvatures: arena.array(Float64Array, isRegression || weights.length > 0 ? rows : 0),
    margins: arena.array(Float32Array, rows * outputs),
    probabilities: arena.array(Float32Array, classes > 2 ? rows * classes : 0),
    packed: arena.array(Float64Array, rows),
    shardSums: arena.array(Float64Array, 3 * shards.count),
    steps: arena.array(Float64Array, 2),
    order: arena.array(Int32Array, 2 * rows),
    bounds: arena.array(Int32Array, 2 * shards.count * waiting),
    sums: arena.array(Float64Array, slots(batch) * histogram),
    counts: arena.array(Int32Array, rules.minSamplesLeaf > 1 ? slots(batch) * histogram : 0),
    orders: arena.array(Int32Array, batch * ORDER.size),
    sides: arena.array(Uint8Array, batch * CODES),
    values: arena.array(Float64Array, 2 * batch),
    pairs: arena.array(Int32Array, batch * PAIR.size),
    pairSums: arena.array(Float64Array, 2 * batch),
    touched: arena.array(Int32Array, threads * batch),
    found: arena.array(Float64Array, 2 * batch * FOUND.size),
  };
  if (!isRegression) arrays.labels.set(data.labels);
  else arrays.targets.set(data.targets);
  arrays.weights.set(weights);
  // One histogram, and one more with missing values first.
  const ownSums = arena.array(Float64Array, 2 * threads * CODES);
  const ownCounts = arena.array(Int32Array, 2 * threads * CODES);
  const { words, column, divisor, codes, shared, missing, counts: binCounts } = bins;
  const at = addressesOf({ ...arrays, ownSums, ownCounts, words, column, divisor, codes, shared, missing, binCounts });
  const sizes = { rows, features, classes, outputs, threads, batch, waiting, histogram };
  return { arena: arena.memory, at, rules, shards, bins, ...sizes, ...arrays };
}

const addressesOf = <K extends string>(arrays: Record<K, { byteOffset: number }>): Record<K, number> =>
  Object.fromEntries(
    Object.entries<{ byteOffset: number }>(arrays).map(([name, { byteOffset }]) => [name, byteOffset]),
  ) as Record<K, number>;
