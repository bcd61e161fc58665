import { COLORS, SERIES_COLORS } from './colors.js';
import { Html } from './html.js';

/** Colors for dark screens; the light ones are those of the plots. */
const DARK: Readonly<Record<keyof typeof COLORS, string>> = {
  surface: '#181c23',
  ink: '#e8ebf0',
  muted: '#9aa5b5',
  line: '#333a46',
  accent: '#79a6ff',
};
const DARK_SERIES = ['#ff9b5e', '#6fd08c', '#d99bf0', '#4fc7dd', '#f0b948'];

const variables = (colors: Readonly<Record<string, string>>, series: readonly string[], page: string): string =>
  [
    `--page: ${page}`,
    ...Object.entries(colors).map(([name, color]) => `--plot-${name}: ${color}`),
    ...series.map((color, i) => `--plot-${i + 1}: ${color}`),
  ].join('; ');

/** The style sheet of the card: light or dark by the reader's setting, light in print. */
export const CARD_STYLE = new Html(`
:root { color-scheme: light dark; ${variables(COLORS, SERIES_COLORS.slice(1), '#f3f5f8')} }
@media screen and (prefers-color-scheme: dark) { :root { ${variables(DARK, DARK_SERIES, '#0f1217')} } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--plot-ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 40px 24px 64px; }
header { margin-bottom: 28px; }
h1 { font-size: 30px; line-height: 1.2; margin: 0 0 6px; overflow-wrap: anywhere; }
h1 small { font-size: 18px; font-weight: 400; color: var(--plot-muted); }
h2 { font-size: 18px; margin: 0 0 12px; }
p { margin: 0 0 8px; max-width: 75ch; }
section { background: var(--plot-surface); border: 1px solid var(--plot-line); border-radius: 10px; padding: 20px 24px;
  margin-bottom: 20px; }
.muted, caption, th, dt { color: var(--plot-muted); }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(320px, 1fr)); gap: 0 20px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(160px, 1fr)); gap: 20px; margin-bottom: 20px; }
.tile { border-left: 3px solid var(--plot-accent); padding-left: 14px; }
.tile b { display: block; font-size: 28px; line-height: 1.3; font-variant-numeric: tabular-nums; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 0; }
dd { margin: 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
.scroll + p { margin-top: 14px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding-bottom: 8px; }
th, td { text-align: right; padding: 6px 10px; border-bottom: 1px solid var(--plot-line); font-weight: 400; }
th:first-child, td:first-child, .text { text-align: left; }
th:first-child, td:first-child { padding-left: 0; }
th:last-child, td:last-child { padding-right: 0; }
tbody th { color: var(--plot-ink); }
th, td:not(.text) { white-space: nowrap; }
tbody tr:last-child > * { border-bottom: 0; }
.bar { display: inline-block; height: 8px; border-radius: 2px; background: var(--plot-accent); }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(440px, 100%), 1fr)); gap: 12px; }
figure { margin: 0; break-inside: avoid; }
figure svg { display: block; width: 100%; height: auto; }
ul { margin: 0; padding-left: 20px; max-width: 75ch; }
@media print {
  body { background: none; font-size: 12px; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  main { max-width: none; padding: 0; }
  section { border: 0; padding: 0 0 12px; }
  .plots { grid-template-columns: 1fr 1fr; }
  tr, .tile { break-inside: avoid; }
  h2 { break-after: avoid; }
}
`);
