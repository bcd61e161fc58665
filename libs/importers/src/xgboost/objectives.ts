import type { Link } from '#onnx';

/** How margins become predictions, and how the base score, a prediction, becomes a margin. */
interface Objective {
  readonly task: 'classes' | 'regression';
  readonly link: Link;
  readonly marginOf: (score: number) => number;
}

const identity = (score: number): number => score;
const ofNumbers: Objective = { task: 'regression', link: 'identity', marginOf: identity };
const ofCounts: Objective = { task: 'regression', link: 'exponential', marginOf: Math.log };
const ofClasses: Objective = { task: 'classes', link: 'softmax', marginOf: identity };
/** In float32 as XGBoost computes it: near 1/2 only the rounding errors remain. */
const logit = (score: number): number => -Math.log(Math.fround(Math.fround(1 / score) - 1));

/**
 * The supported objectives: the prediction is a class, or a number by a link that a graph has.
 *
 * Source: `ProbToMargin` and `PredTransform` in https://github.com/dmlc/xgboost/tree/master/src/objective
 */
export const OBJECTIVES: ReadonlyMap<string, Objective> = new Map<string, Objective>([
  ['binary:logistic', { task: 'classes', link: 'logistic', marginOf: logit }],
  // Its base score is a margin, not a probability.
  ['binary:logitraw', ofNumbers],
  ['multi:softprob', ofClasses],
  ['multi:softmax', ofClasses],
  ['reg:squarederror', ofNumbers],
  ['reg:linear', ofNumbers],
  ['reg:squaredlogerror', ofNumbers],
  ['reg:absoluteerror', ofNumbers],
  ['reg:pseudohubererror', ofNumbers],
  ['reg:quantileerror', ofNumbers],
  ['rank:ndcg', ofNumbers],
  ['rank:map', ofNumbers],
  ['rank:pairwise', ofNumbers],
  ['count:poisson', ofCounts],
  ['reg:gamma', ofCounts],
  ['reg:tweedie', ofCounts],
  ['survival:cox', ofCounts],
  ['survival:aft', ofCounts],
]);
