export { argmax } from './argmax.js';
export { equalFrequencyBins, frequenciesOfSorted } from './bins/equal-frequency.js';
export { HEADLINES } from './bootstrap/bootstrap-intervals.js';
export { CONFIDENCE, type Interval, percentileInterval } from './bootstrap/percentile-interval.js';
export { type BootstrapOptions, resampleWeights } from './bootstrap/resamples.js';
export type { ClassifierEvaluation, ClassifierMetrics } from './classifier-evaluation.js';
export { designEffect, type Dispersion, logClusterTest } from './cluster/dispersion.js';
export { comparePaired, type Difference, type PairedComparison } from './compare-paired.js';
export { binnedKolmogorovSmirnov, binnedWasserstein, jensenShannon, totalVariation } from './drift/count-distances.js';
export { type CumulativePoint, distanceByChance, kolmogorovSmirnov, nearest } from './drift/kolmogorov-smirnov.js';
export { populationStability, stabilityByChance } from './drift/population-stability.js';
export { evaluateClassifier } from './evaluate-classifier.js';
export {
  compareRegressions,
  evaluateRegression,
  type RegressionComparison,
  type RegressionEvaluation,
} from './evaluate-regression.js';
export { evenPlaces } from './even-places.js';
export { logBinomialTail } from './exact/binomial-tail.js';
export { logFisherExact, type Proportion } from './exact/fisher-exact.js';
export { smallestVisibleShare } from './exact/smallest-visible.js';
export { logMeanExcess, meanInterval, type MeanSums } from './intervals/means.js';
export { Z95 } from './intervals/z95.js';
export { newcombe, wilson } from './intervals/proportions.js';
export { predictedClasses } from './metrics/predicted-classes.js';
export { rowLosses } from './metrics/log-loss.js';
export type { ScoredRows } from './metrics/scored-rows.js';
export {
  accuracyScore,
  errorScore,
  type FeatureImportance,
  type ImportanceScore,
  permutationImportance,
} from './permutation-importance.js';
export { quantile } from './quantile.js';
export { type ClassifierSlice, type RegressionSlice, sliceClassifier, sliceRegression } from './slices.js';
export { BoundedMean } from './sequential/bounded-mean.js';
export { logExcessEvidence, logMeanEvidence, logPairEvidence, logShareEvidence } from './sequential/share-evidence.js';
