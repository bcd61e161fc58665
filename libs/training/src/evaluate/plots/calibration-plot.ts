import type { ClassifierEvaluation } from '#statistics';
import { COLORS, type Plot, referenceLine, renderPlot, shareAxis } from '#report';

/** Observed share over predicted probability; larger points stand for more rows. */
export function calibrationPlot({ calibration, classes, metrics, rows }: ClassifierEvaluation): Plot {
  const points = calibration
    .filter(({ count }) => count > 0)
    .map(({ mean_probability, observed_share, count }) => ({
      value: [mean_probability, observed_share],
      symbolSize: 6 + 14 * Math.sqrt(count / rows),
    }));
  const whose = classes.length === 2 ? `class ${classes[1]}` : 'the predicted class';
  return renderPlot(
    'calibration',
    'Calibration',
    `Expected calibration error ${metrics.calibration_error.toFixed(4)}; points grow with their rows`,
    {
      xAxis: shareAxis(`Mean probability of ${whose}`, 30),
      yAxis: shareAxis(`Share of rows that are of ${whose}`, 40),
      series: [
        referenceLine([
          [0, 0],
          [1, 1],
        ]),
        {
          type: 'line',
          data: points,
          symbol: 'circle',
          lineStyle: { color: COLORS.accent, width: 2 },
          itemStyle: { color: COLORS.accent },
          clip: false,
        },
      ],
    },
  );
}
