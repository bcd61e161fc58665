import { COLORS, numberAxis, type Plot, referenceLine, renderPlot } from '#report';
import type { RegressionEvaluation } from '#statistics';
import { significant } from '../incomparable.js';

/** The distribution of errors. */
export function residualPlot({ residuals, metrics, rows }: RegressionEvaluation): Plot {
  const { edges, counts } = residuals;
  const heights = counts.map((count) => (100 * count) / rows);
  const { bias, rmse } = metrics;
  const subtitle = `Prediction minus target; mean ${significant(bias)}, RMSE ${significant(rmse)}`;
  return renderPlot('residuals', 'Errors', subtitle, {
    xAxis: { ...numberAxis('Error', 30), min: 'dataMin', max: 'dataMax' },
    yAxis: { ...numberAxis('Rows, %', 44), min: 0 },
    series: [
      {
        type: 'line',
        step: 'end',
        showSymbol: false,
        silent: true,
        data: edges.map((edge, i) => [edge, heights[Math.min(i, heights.length - 1)]]),
        lineStyle: { color: COLORS.accent, width: 1.5 },
        areaStyle: { color: COLORS.accent, opacity: 0.35 },
      },
    ],
  });
}

/** Mean target over mean prediction, by deciles of the rows. */
export function predictionPlot({ calibration }: RegressionEvaluation): Plot {
  const ends = [...calibration.map(({ prediction }) => prediction), ...calibration.map(({ target }) => target)];
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  return renderPlot('calibration', 'Predictions beside what was true', 'Means of tenths of the rows, by prediction', {
    xAxis: { ...numberAxis('Mean prediction', 30), scale: true },
    yAxis: { ...numberAxis('Mean target', 44), scale: true },
    series: [
      referenceLine([
        [low, low],
        [high, high],
      ]),
      {
        type: 'line',
        data: calibration.map(({ prediction, target }) => [prediction, target]),
        symbol: 'circle',
        symbolSize: 8,
        lineStyle: { color: COLORS.accent, width: 2 },
        itemStyle: { color: COLORS.accent },
        clip: false,
      },
    ],
  });
}
