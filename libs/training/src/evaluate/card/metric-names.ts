import type { ClassifierMetrics } from '#statistics';

/** Metrics by their usual names. */
export const METRIC_NAMES: Readonly<Record<keyof ClassifierMetrics, string>> = {
  accuracy: 'Accuracy',
  precision: 'Precision',
  recall: 'Recall',
  f1: 'F1',
  roc_auc: 'ROC AUC',
  pr_auc: 'PR AUC',
  log_loss: 'Log loss',
  brier: 'Brier score',
  calibration_error: 'Calibration error (ECE)',
  precision_weighted: 'Precision, weighted',
  recall_weighted: 'Recall, weighted',
  f1_weighted: 'F1, weighted',
};
