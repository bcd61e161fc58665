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

/** A translated model that predicts from features. */
export type Estimator =
  | { readonly kind: 'trees'; readonly ensemble: TreeEnsemble }
  | { readonly kind: 'linear'; readonly linear: LinearModel }
  | { readonly kind: 'calibrated'; readonly calibrated: CalibratedModel };

/** The type in which features are compared or multiplied. */
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

/** The bytes of its ONNX graph, in float64. @param labels empty in a regression */
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
 * The relative difference allowed between a row's answer alone and in a batch. Sums of leaves are identical to the bit,
 * but ONNX Runtime computes powers and matrix products differently for several rows. Probabilities are float32.
 */
export function aloneTolerance(estimator: Estimator, labels: readonly ClassLabel[]): number {
  if (estimator.kind === 'trees' && estimator.ensemble.link === 'identity') return 0;
  return labels.length > 0 ? 2 ** -22 : 1e-12;
}
