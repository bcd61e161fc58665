export { nameAxis, numberAxis, referenceLine, shareAxis, shortened } from './axes.js';
export { CARD_STYLE } from './card-style.js';
export { COLORS, SERIES_COLORS, withPageColors } from './colors.js';
export { html, Html } from './html.js';
export { type Plot, renderPlot } from './render-svg.js';
export { svgToPng } from './svg-to-png.js';
