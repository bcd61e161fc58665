import { Resvg } from '@resvg/resvg-js';

/** Keeps a plot sharp in print and on high-density screens. */
const ZOOM = 2;

/**
 * Rasterises a plot with the fonts of this machine. Without any, as in a slim container, lines and areas are drawn but
 * text is missing; the SVG itself does not depend on this machine's fonts.
 */
export function svgToPng(svg: string): Buffer {
  return new Resvg(svg, { fitTo: { mode: 'zoom', value: ZOOM } }).render().asPng();
}
