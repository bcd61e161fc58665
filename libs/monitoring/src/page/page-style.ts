import { CARD_STYLE } from '#report';

/** Removes the indentation of the source, which would be most of a page of a hundred columns. */
export const compact = (text: string): string => text.replace(/\n\s+/g, '\n').trim();

/** What these pages add to the card's style. */
const OWN = `
:root { --good: #2b8a3e; --bad: #c2410c; --bad-tint: #fff4ed; --soft: #c3cad6; }
@media screen and (prefers-color-scheme: dark) { :root { --good: #6fd08c; --bad: #ff9b5e; --bad-tint: #2a1f18; --soft: #4a5363; } }
main { padding-top: 24px; }
a { color: var(--plot-accent); text-underline-offset: 2px; }
a:focus-visible, .scroll:focus-visible, summary:focus-visible { outline: 3px solid var(--plot-accent); outline-offset: 2px; border-radius: 4px; }
.skip { position: absolute; left: -9999px; }
.skip:focus { left: 16px; top: 8px; background: var(--plot-surface); padding: 6px 10px; }
header { margin-bottom: 18px; }
.trail { margin-bottom: 14px; }
.bar-row { display: flex; flex-wrap: wrap; gap: 8px 20px; align-items: center; }
.windows { display: inline-flex; border: 1px solid var(--plot-line); border-radius: 8px; overflow: hidden; background: var(--plot-surface); }
.windows a { padding: 5px 12px; text-decoration: none; color: var(--plot-ink); border-left: 1px solid var(--plot-line); }
.windows a:first-child { border-left: 0; }
.windows a[aria-current] { background: var(--plot-accent); color: var(--plot-surface); }
.verdict { border-left: 5px solid var(--soft); }
.verdict.moved { border-left-color: var(--bad); background: var(--bad-tint); }
.verdict.as_usual { border-left-color: var(--good); }
.verdict h2 { font-size: 21px; }
.verdict h2 .status { white-space: normal; }
.verdict h3 { font-size: 15px; margin: 16px 0 4px; }
.verdict ul { list-style: none; padding: 0; max-width: none; }
.verdict li { margin: 0 0 10px; overflow-wrap: anywhere; }
.verdict li b { font-size: 16px; }
.status { white-space: nowrap; }
.status svg { width: 11px; height: 11px; margin-right: 6px; vertical-align: -1px; }
.status.moved { font-weight: 650; }
.moved > svg path, .moved > svg rect { fill: var(--bad); }
.as_usual > svg circle { fill: var(--good); }
.too_few_rows > svg circle { fill: none; stroke: var(--plot-muted); stroke-width: 2; }
.no_baseline > svg rect { fill: var(--plot-muted); }
.tile b small { font-size: 15px; font-weight: 400; color: var(--plot-muted); }
.tiles.numbers { margin-bottom: 0; }
.tile.quiet { border-left-color: var(--soft); }
.tile.bad { border-left-color: var(--bad); }
svg .before { fill: var(--soft); }
svg .now { fill: var(--plot-accent); }
svg text { font: 12px system-ui, sans-serif; fill: var(--plot-muted); }
svg .grid { stroke: var(--plot-line); fill: none; }
svg .band { fill: var(--plot-accent); opacity: .18; }
svg .whisker { stroke: var(--plot-accent); stroke-width: 1.6; fill: none; }
svg .dot { fill: var(--plot-accent); }
svg .dot.hollow { fill: var(--plot-surface); stroke: var(--plot-accent); stroke-width: 1.6; }
svg .registered { stroke: var(--plot-muted); stroke-dasharray: 5 4; fill: none; }
svg .mark { stroke: var(--bad); stroke-width: 1.6; fill: none; }
.chart { direction: ltr; display: block; width: 100%; min-width: 560px; height: auto; }
.scroll.newest { direction: rtl; }
.square { display: block; width: 100%; max-width: 340px; height: auto; }
.small { display: block; }
.bars { display: block; width: 100%; min-width: 110px; height: 18px; }
td .words { display: block; color: var(--plot-muted); white-space: normal; min-width: 200px; overflow-wrap: anywhere; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; color: var(--plot-muted); margin: 10px 0 0; padding: 0; list-style: none; max-width: none; }
.legend svg { width: 18px; height: 12px; margin-right: 6px; vertical-align: -1px; }
.history { list-style: none; padding: 0; max-width: none; }
.history li { display: grid; grid-template-columns: 170px 1fr; gap: 2px 16px; padding: 6px 0; border-bottom: 1px solid var(--plot-line); overflow-wrap: anywhere; }
.history li:last-child { border-bottom: 0; }
.history time { color: var(--plot-muted); }
code { font: 13px ui-monospace, monospace; overflow-wrap: anywhere; }
details summary { cursor: pointer; color: var(--plot-accent); }
details[open] summary { margin-bottom: 10px; }
td .nowrap { white-space: nowrap; }
th.cell-name, td.cell-name { white-space: normal; overflow-wrap: anywhere; min-width: 100px; max-width: 260px; }
footer { color: var(--plot-muted); }
footer p { max-width: none; }
@media (max-width: 560px) {
  main { padding: 14px 12px 40px; }
  section { padding: 16px 14px; }
  .history li { grid-template-columns: 1fr; }
  .tiles { grid-template-columns: 1fr 1fr; gap: 16px 12px; }
  .tile b { font-size: 22px; }
  .columns { grid-template-columns: minmax(0, 1fr); }
}
@media print { .windows, .skip, .trail { display: none; } .verdict { background: none !important; border-left: 5px solid #888 !important; padding-left: 14px; } }
`;

/** The style sheet, byte for byte as in the page: the Content Security Policy allows it by its hash. */
export const MONITOR_STYLE = compact(`${CARD_STYLE.toString()}${OWN}`);
