import type { Link } from '#onnx';

/** How a model's margins become what it predicts, and how its base score, a prediction, becomes a margin. */
interface Objective {
  readonly task: 'classes' | 'regression';
  readonly link: Link;
  readonly marginOf: (score: number) => number;
}

const identity = (score: number): number => score;
const ofNumbers: Objective = { task: 'regression', link: 'identity', marginOf: identity };
const ofCounts: Objective = { task: 'regression', link: 'exponential', marginOf: Math.log };
const ofClasses: Objective = { task: 'classes', link: 'softmax', marginOf: identity };
/** As it computes in float32: near 1/2 what is rounded on the way is all that is left. */
const logit = (score: number): number => -Math.log(Math.fround(Math.fround(1 / score) - 1));

/**
 * The objectives whose prediction is a class, or one number by a link that a graph has.
 *
 * Source: `ProbToMargin` and `PredTransform` in https://github.com/dmlc/xgboost/tree/master/src/objective
 */
export const OBJECTIVES: ReadonlyMap<string, Objective> = new Map<string, Objective>([
  ['binary:logistic', { task: 'classes', link: 'logistic', marginOf: logit }],
  // Its base score is no probability: it is added as it is.
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
