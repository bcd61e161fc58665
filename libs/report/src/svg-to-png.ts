import { Resvg } from '@resvg/resvg-js';

/** So that a plot stays sharp in print and on dense screens. */
const ZOOM = 2;

/**
 * Rasters a plot with the fonts of this machine. Where none is installed, as in a slim container, lines and areas are
 * drawn and text is missing; the SVG brings its text along and needs no font here.
 */
export function svgToPng(svg: string): Buffer {
  return new Resvg(svg, { fitTo: { mode: 'zoom', value: ZOOM } }).render().asPng();
}
