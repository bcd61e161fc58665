import type { CustomSeriesRenderItem } from 'echarts';
import type { ClassifierEvaluation } from '#statistics';
import { COLORS, nameAxis, type Plot, renderPlot } from '#report';

/** The number of classes from which shares do not fit under the counts. */
const CROWDED = 8;

/** Counts by true and predicted class; darker cells have a larger share of the true class. */
export function confusionMatrixPlot({ classes, confusion_matrix }: ClassifierEvaluation): Plot {
  const cells = confusion_matrix.flatMap((line, truth) => {
    const support = line.reduce((sum, count) => sum + count, 0) || 1;
    return line.map((count, predicted) => [predicted, truth, count, count / support]);
  });
  const renderItem: CustomSeriesRenderItem = (_, api) => {
    const [count, share] = [Number(api.value(2)), Number(api.value(3))];
    const [x, y] = api.coord([api.value(0), api.value(1)]);
    const [width, height] = api.size!([1, 1]) as number[];
    const shape = { x: x - width / 2 + 1, y: y - height / 2 + 1, width: width - 2, height: height - 2, r: 3 };
    const percent = classes.length < CROWDED ? `\n${(100 * share).toFixed(1)} %` : '';
    return {
      type: 'group',
      children: [
        { type: 'rect', shape, style: { fill: COLORS.accent, opacity: 0.06 + 0.94 * share } },
        {
          type: 'text',
          style: {
            text: `${count.toLocaleString('en')}${percent}`,
            x,
            y,
            align: 'center',
            verticalAlign: 'middle',
            lineHeight: 18,
            font: `${classes.length < CROWDED ? 14 : 10}px sans-serif`,
            fill: share > 0.6 ? COLORS.surface : COLORS.ink,
          },
        },
      ],
    };
  };
  const names = classes.map(String);
  return renderPlot('confusion-matrix', 'Confusion matrix', 'Rows of the test part; shares are of the true class', {
    grid: { left: 96, right: 28, top: 68, bottom: 56 },
    xAxis: nameAxis('Predicted class', 30, names, Math.floor(60 / names.length)),
    yAxis: { ...nameAxis('True class', 72, names, 10), inverse: true },
    series: [{ type: 'custom', data: cells, renderItem, clip: false }],
  });
}
