import { COLORS, numberAxis, type Plot, renderPlot, SERIES_COLORS } from '#report';
import type { ColumnStats, Reference } from '../reference-stats.js';

type Histogram = ColumnStats['histogram'];

const widthOf = ({ edges }: Histogram): number => edges[1] - edges[0];

/** Corners of the bars, in per cent of the rows, scaled to the data's bar width. */
function outline(histogram: Histogram, width: number): [number, number][] {
  const total = histogram.counts.reduce((sum, count) => sum + count, 0) || 1;
  const heights = histogram.counts.map((count) => ((100 * count) / total) * (width / widthOf(histogram)));
  return histogram.edges.map((edge, i) => [edge, heights[Math.min(i, heights.length - 1)]]);
}

const short = (value: number): string => String(Number(value.toPrecision(4)));

/** The UTC day of a timestamp. */
const day = (microseconds: number): string => new Date(microseconds / 1_000).toISOString().slice(0, 10);

/** A column's histogram with the reference's outline. @param isTime whether values are microseconds since 1970 */
export function histogramPlot(
  id: string,
  column: string,
  stats: ColumnStats,
  reference: Reference['columns'][string] | undefined,
  isTime = false,
): Plot {
  const { count, missing, mean, standard_deviation, quantiles, histogram } = stats;
  const values = `${count.toLocaleString('en-US')} values, ${missing.toLocaleString('en-US')} missing`;
  const text = isTime ? day : short;
  const moments = isTime ? `mean ${day(mean)}` : `mean ${short(mean)}, standard deviation ${short(standard_deviation)}`;
  const range = `from ${text(quantiles[0])} to ${text(quantiles[quantiles.length - 1])}`;
  const width = widthOf(histogram);
  const step = { type: 'line', step: 'end', showSymbol: false, silent: true };
  return renderPlot(id, column, `${values}; ${moments}; ${range}`, {
    xAxis: {
      ...numberAxis('Value', 30),
      min: 'dataMin',
      max: 'dataMax',
      axisLabel: {
        fontSize: 12,
        color: COLORS.muted,
        showMinLabel: false,
        showMaxLabel: false,
        ...(isTime && { formatter: day, hideOverlap: true }),
      },
      splitLine: { show: false },
    },
    yAxis: {
      ...numberAxis('Rows, %', 44),
      min: 0,
      axisLine: { show: true, onZero: false, lineStyle: { color: COLORS.muted } },
    },
    series: [
      {
        ...step,
        data: outline(histogram, width),
        lineStyle: { color: COLORS.accent, width: 1.5 },
        areaStyle: { color: COLORS.accent, opacity: 0.35 },
      },
      ...(reference
        ? [{ ...step, data: outline(reference.histogram, width), lineStyle: { color: SERIES_COLORS[1], width: 1.5 } }]
        : []),
    ],
  });
}
