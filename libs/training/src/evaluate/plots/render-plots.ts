import type { ClassifierReport } from '../evaluation-report.js';
import { calibrationPlot } from './calibration-plot.js';
import { confusionMatrixPlot } from './confusion-matrix-plot.js';
import { precisionRecallPlot, rocPlot } from './curve-plots.js';
import { importancePlot } from './importance-plot.js';
import type { Plot } from '#report';

/** The plots of an evaluation, in reading order. */
export function renderPlots({ evaluation, importance }: ClassifierReport): Plot[] {
  return [
    confusionMatrixPlot(evaluation),
    rocPlot(evaluation),
    precisionRecallPlot(evaluation),
    calibrationPlot(evaluation),
    importancePlot(importance),
  ];
}
