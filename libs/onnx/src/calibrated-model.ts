import type { LinearModel } from './linear-model.js';
import type { TreeEnsemble } from './tree-ensemble.js';

/** What makes a probability of a margin: `1 / (1 + e^(a x + b))`, or the line through points, level beyond its ends. */
export type Calibrator =
  | { readonly kind: 'sigmoid'; readonly a: number; readonly b: number }
  | { readonly kind: 'isotonic'; readonly x: readonly number[]; readonly y: readonly number[] };

/** One of the models whose calibrated probabilities are averaged: its margins are calibrated one by one. */
export interface CalibratedPart {
  readonly scorer: { readonly ensemble: TreeEnsemble } | { readonly linear: LinearModel };
  /** One a margin: of two classes for the second one alone, of more for each, as shares of their sum. */
  readonly calibrators: readonly Calibrator[];
}

/** The mean of calibrated models (scikit-learn `CalibratedClassifierCV`). */
export interface CalibratedModel {
  readonly features: number;
  readonly input: TreeEnsemble['input'];
  readonly parts: readonly CalibratedPart[];
}
