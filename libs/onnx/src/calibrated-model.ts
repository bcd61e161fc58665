import type { LinearModel } from './linear-model.js';
import type { TreeEnsemble } from './tree-ensemble.js';

/** Maps a margin to a probability: `1 / (1 + e^(a x + b))`, or linear interpolation, constant beyond its ends. */
export type Calibrator =
  | { readonly kind: 'sigmoid'; readonly a: number; readonly b: number }
  | { readonly kind: 'isotonic'; readonly x: readonly number[]; readonly y: readonly number[] };

/** One of the models whose calibrated probabilities are averaged; each margin has its own calibrator. */
export interface CalibratedPart {
  readonly scorer: { readonly ensemble: TreeEnsemble } | { readonly linear: LinearModel };
  /** One per margin: with two classes only for the second; with more one each, normalised by their sum. */
  readonly calibrators: readonly Calibrator[];
}

/** The mean of calibrated models (scikit-learn `CalibratedClassifierCV`). */
export interface CalibratedModel {
  readonly features: number;
  readonly input: TreeEnsemble['input'];
  readonly parts: readonly CalibratedPart[];
}
