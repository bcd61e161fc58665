import type { CustomSeriesRenderItem } from 'echarts';
import type { FeatureImportance } from '#statistics';
import { COLORS, nameAxis, numberAxis, type Plot, renderPlot } from '#report';

const MOST = 20;

/** A bar from 0 to the mean, and a thin line of one standard deviation to both sides. */
const renderItem: CustomSeriesRenderItem = (_, api) => {
  const [at, mean, deviation] = [0, 1, 2].map((dimension) => Number(api.value(dimension)));
  const [from, y] = api.coord([0, at]);
  const x = (value: number): number => api.coord([value, at])[0];
  const height = Math.min(18, 0.62 * (api.size!([0, 1]) as number[])[1]);
  const bar = { x: Math.min(from, x(mean)), y: y - height / 2, width: Math.abs(x(mean) - from), height };
  const whisker = { x1: x(mean - deviation), x2: x(mean + deviation), y1: y, y2: y };
  return {
    type: 'group',
    children: [
      { type: 'rect', shape: bar, style: { fill: COLORS.accent } },
      { type: 'line', shape: whisker, style: { stroke: COLORS.ink, lineWidth: 1.5 } },
    ],
  };
};

/** The most important features, the first on top. @param change the effect of shuffling, in words */
export function importancePlot(importance: readonly FeatureImportance[], change: string): Plot {
  const shown = importance.toSorted((a, b) => b.mean - a.mean).slice(0, MOST);
  const which = shown.length < importance.length ? `${MOST} of ${importance.length} features` : 'All features';
  return renderPlot('importance', 'Permutation importance', `${which}; lines show one standard deviation`, {
    grid: { left: 196, right: 28, top: 68, bottom: 56 },
    xAxis: numberAxis(change, 30),
    yAxis: {
      ...nameAxis(
        '',
        0,
        shown.map(({ feature }) => feature),
        28,
      ),
      inverse: true,
    },
    series: [
      {
        type: 'custom',
        data: shown.map(({ mean, standard_deviation }, at) => [
          at,
          mean,
          standard_deviation,
          mean - standard_deviation,
          mean + standard_deviation,
        ]),
        // The axis reaches over the lines too.
        encode: { x: [1, 3, 4], y: 0 },
        renderItem,
      },
    ],
  });
}
