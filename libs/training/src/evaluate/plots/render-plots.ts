import type { EvaluationReport } from '../evaluation-report.js';
import { calibrationPlot } from './calibration-plot.js';
import { confusionMatrixPlot } from './confusion-matrix-plot.js';
import { precisionRecallPlot, rocPlot } from './curve-plots.js';
import { importancePlot } from './importance-plot.js';
import { predictionPlot, residualPlot } from './residual-plots.js';
import type { Plot } from '#report';

/** The plots of an evaluation, in reading order. */
export function renderPlots(report: EvaluationReport): Plot[] {
  if (report.task === 'regression') {
    const { evaluation, importance } = report;
    return [
      residualPlot(evaluation),
      predictionPlot(evaluation),
      importancePlot(importance, 'Rise of the RMSE when shuffled'),
    ];
  }
  const { evaluation, importance } = report;
  return [
    confusionMatrixPlot(evaluation),
    rocPlot(evaluation),
    precisionRecallPlot(evaluation),
    calibrationPlot(evaluation),
    importancePlot(importance, 'Drop in accuracy when shuffled'),
  ];
}
