import type { RandomStream } from '#kit';
import type { FlatTree } from '../tree/flat-tree.js';
import { ClassificationTreeGrower, type GrowthRules } from './classification-tree.js';
import type { CodedFeatures } from './coded-features.js';
import { RegressionTreeGrower } from './regression-tree.js';

interface Grower {
  grow(random: RandomStream): FlatTree;
}

/** The tree grower for the data's task. */
export const growerOf = (data: CodedFeatures, rules: GrowthRules): Grower =>
  data.targets.length > 0 ? new RegressionTreeGrower(data, rules) : new ClassificationTreeGrower(data, rules);
