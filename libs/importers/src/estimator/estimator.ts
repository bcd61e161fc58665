import type { ClassLabel } from '#bundle';
import {
  calibratedClassifier,
  type CalibratedModel,
  ensembleClassifier,
  ensembleRegressor,
  linearClassifier,
  type LinearModel,
  linearRegressor,
  type TreeEnsemble,
} from '#onnx';

/** What makes predictions of features, whoever trained it. */
export type Estimator =
  | { readonly kind: 'trees'; readonly ensemble: TreeEnsemble }
  | { readonly kind: 'linear'; readonly linear: LinearModel }
  | { readonly kind: 'calibrated'; readonly calibrated: CalibratedModel };

/** What the features are compared or multiplied as. */
export function inputOf(estimator: Estimator): TreeEnsemble['input'] {
  if (estimator.kind === 'trees') return estimator.ensemble.input;
  return estimator.kind === 'linear' ? estimator.linear.input : estimator.calibrated.input;
}

/** The trees of an estimator, if it has any. */
export function ensemblesOf(estimator: Estimator): readonly TreeEnsemble[] {
  if (estimator.kind === 'trees') return [estimator.ensemble];
  if (estimator.kind === 'linear') return [];
  return estimator.calibrated.parts.flatMap(({ scorer }) => ('ensemble' in scorer ? [scorer.ensemble] : []));
}

/** The bytes of its graph, in float64. @param labels none in a regression */
export function graphOf(estimator: Estimator, labels: readonly ClassLabel[]): Uint8Array {
  const classes = labels as readonly number[] | readonly string[];
  const isRegression = labels.length === 0;
  if (estimator.kind === 'trees') {
    const { ensemble } = estimator;
    return isRegression ? ensembleRegressor(ensemble) : ensembleClassifier(ensemble, classes, 'float64');
  }
  if (estimator.kind === 'linear') {
    return isRegression ? linearRegressor(estimator.linear) : linearClassifier(estimator.linear, classes);
  }
  return calibratedClassifier(estimator.calibrated, classes);
}

/**
 * How far a row's answer alone may be from the one in a batch, as a share: sums of leaves are the same to the bit, but ONNX
 * Runtime computes powers, and multiplies matrices, otherwise where there are several rows. Probabilities are float32.
 */
export function aloneTolerance(estimator: Estimator, labels: readonly ClassLabel[]): number {
  if (estimator.kind === 'trees' && estimator.ensemble.link === 'identity') return 0;
  return labels.length > 0 ? 2 ** -22 : 1e-12;
}
