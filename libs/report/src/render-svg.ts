import { CustomChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { COLORS } from './colors.js';

use([LineChart, CustomChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

const WIDTH = 560;
const HEIGHT = 440;

/** One picture of the evaluation. */
export interface Plot {
  /** Its file, without the extension. */
  readonly name: string;
  readonly title: string;
  readonly svg: string;
}

/**
 * Draws with ECharts, without a browser. The same plot gives the same text: ids and classes carry the plot's name
 * where ECharts puts a counter, which also keeps the plots of one page apart. Text is in the reader's sans-serif font.
 */
export function renderPlot(name: string, title: string, subtitle: string, option: EChartsCoreOption): Plot {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT });
  chart.setOption({
    animation: false,
    backgroundColor: COLORS.surface,
    textStyle: { fontFamily: 'sans-serif', color: COLORS.ink },
    title: {
      text: title,
      subtext: subtitle,
      left: 12,
      top: 8,
      itemGap: 6,
      textStyle: { fontSize: 15, fontWeight: 'bold', color: COLORS.ink },
      subtextStyle: { fontSize: 12, color: COLORS.muted },
    },
    grid: { left: 64, right: 28, top: 68, bottom: 56 },
    ...option,
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  // The style sheet only holds what happens under a pointer.
  const still = svg.replace(/<style[^]*?<\/style>/g, '').replace(/ (?:class="[^"]*"|pointer-events="[^"]*")/g, '');
  return { name, title, svg: still.replace(/\bzr\d+-/g, `${name}-`) };
}
