import { setImmediate } from 'node:timers/promises';
import { RandomStream } from '../random/random-stream.js';
import type { TrainOptions } from '../train-options.js';
import type { FlatTree } from '../tree/flat-tree.js';
import { ClassificationTreeGrower, type GrowthRules } from './classification-tree.js';
import type { CodedFeatures } from './coded-features.js';

/** Grows the trees one after another in this thread, giving way to other events between them. */
export async function growHere(
  data: CodedFeatures,
  rules: GrowthRules,
  count: number,
  { seed, onProgress, signal }: TrainOptions,
): Promise<FlatTree[]> {
  const grower = new ClassificationTreeGrower(data, rules);
  const trees: FlatTree[] = [];
  for (let tree = 0; tree < count; tree++) {
    await setImmediate();
    signal?.throwIfAborted();
    trees.push(grower.grow(new RandomStream(seed, tree)));
    onProgress?.(tree + 1, count);
  }
  return trees;
}
