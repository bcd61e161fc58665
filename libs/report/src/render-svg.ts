import { CustomChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { COLORS } from './colors.js';

use([LineChart, CustomChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

const WIDTH = 560;
const HEIGHT = 440;

/** One plot of the evaluation. */
export interface Plot {
  /** The file's name without the extension. */
  readonly name: string;
  readonly title: string;
  readonly svg: string;
}

/**
 * Makes a text safe as an object key: ECharts caches text measurements in a plain object, where "__proto__" would write
 * to the prototype of all objects. An invisible character before it prevents that.
 */
function drawable<T>(option: T): T {
  if (typeof option === 'string') return (option in Object.prototype ? `\u2060${option}` : option) as T;
  if (Array.isArray(option)) return option.map(drawable) as T;
  if (typeof option !== 'object' || option === null || Object.getPrototypeOf(option) !== Object.prototype)
    return option;
  return Object.fromEntries(Object.entries(option).map(([key, value]) => [key, drawable(value)])) as T;
}

/**
 * Draws with ECharts, without a browser. Deterministic: ids and classes carry the plot's name instead of ECharts's
 * counter, which also keeps them unique on a page of several plots. Text uses the reader's sans-serif font.
 */
export function renderPlot(name: string, title: string, subtitle: string, option: EChartsCoreOption): Plot {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT });
  chart.setOption({
    animation: false,
    backgroundColor: COLORS.surface,
    textStyle: { fontFamily: 'sans-serif', color: COLORS.ink },
    title: {
      text: drawable(title),
      subtext: drawable(subtitle),
      left: 12,
      top: 8,
      itemGap: 6,
      textStyle: { fontSize: 15, fontWeight: 'bold', color: COLORS.ink },
      subtextStyle: { fontSize: 12, color: COLORS.muted },
    },
    grid: { left: 64, right: 28, top: 68, bottom: 56 },
    ...drawable(option),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  // The style sheet only holds hover effects.
  const still = svg.replace(/<style[^]*?<\/style>/g, '').replace(/ (?:class="[^"]*"|pointer-events="[^"]*")/g, '');
  return { name, title, svg: still.replace(/\bzr\d+-/g, `${name}-`) };
}
