import { type Calibrator, ensembleMargins, type LinearLink, type LinearModel } from '#onnx';
import type { Estimator } from './estimator.js';

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
const both = (ofSecond: number): number[] => [1 - ofSecond, ofSecond];

/** Divides numbers by their sum; equal shares where that is 0. */
function sharesOf(numbers: readonly number[]): number[] {
  const sum = numbers.reduce((total, number) => total + number, 0);
  return numbers.map((number) => (sum === 0 ? 1 / numbers.length : number / sum));
}

/** Applies the link to margins: the probability of each class, or the number of a regression. */
export function linked(margins: readonly number[], link: LinearLink, isRegression: boolean): number[] {
  const [first] = margins;
  if (isRegression) {
    if (link === 'exponential') return [Math.exp(first)];
    return [link === 'logistic' ? logistic(first) : first];
  }
  if (link === 'logistic') return both(logistic(first));
  if (link === 'one_vs_rest') return sharesOf(margins.map(logistic));
  if (link === 'decision') {
    const place = margins.indexOf(Math.max(...margins));
    return margins.length === 1 ? both(Number(first > 0)) : margins.map((_, k) => Number(k === place));
  }
  if (link === 'softmax') {
    const largest = Math.max(...margins);
    return sharesOf(margins.map((margin) => Math.exp(margin - largest)));
  }
  return margins.length === 1 ? both(first) : [...margins];
}

function linearMargins({ coefficients, intercepts }: LinearModel, features: ArrayLike<number>): number[] {
  return coefficients.map((of, k) => of.reduce((sum, weight, f) => sum + weight * features[f], 0) + intercepts[k]);
}

function calibrate(calibrator: Calibrator, margin: number): number {
  if (calibrator.kind === 'sigmoid') return logistic(-(calibrator.a * margin + calibrator.b));
  const { x, y } = calibrator;
  const last = x.length - 1;
  if (last === 0 || margin <= x[0]) return y[0];
  if (margin >= x[last]) return y[last];
  const right = x.findIndex((point) => point >= margin);
  const slope = (y[right] - y[right - 1]) / (x[right] - x[right - 1]);
  return y[right - 1] + slope * (margin - x[right - 1]);
}

/**
 * The reference prediction of a row, in float64: the probability of each class, or one number. ONNX Runtime's answers
 * are compared with it.
 *
 * @param features NaN where missing
 */
export function predict(estimator: Estimator, features: ArrayLike<number>, isRegression: boolean): number[] {
  if (estimator.kind === 'trees') {
    const { ensemble } = estimator;
    return linked([...ensembleMargins(ensemble, features)], ensemble.link, isRegression);
  }
  if (estimator.kind === 'linear') {
    return linked(linearMargins(estimator.linear, features), estimator.linear.link, isRegression);
  }
  const { parts } = estimator.calibrated;
  const shares = parts.map(({ scorer, calibrators }) => {
    const margins =
      'ensemble' in scorer ? [...ensembleMargins(scorer.ensemble, features)] : linearMargins(scorer.linear, features);
    const each = calibrators.map((calibrator, k) => calibrate(calibrator, margins[k]));
    return each.length === 1 ? both(each[0]) : sharesOf(each);
  });
  return shares[0].map((_, k) => shares.reduce((sum, part) => sum + part[k], 0) / parts.length);
}
