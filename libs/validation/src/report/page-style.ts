import { Html } from '#report';

/** The styles of the validation page beyond those of a model card. */
export const REPORT_STYLE = new Html(`
:root { --good: #1f7a3d; --bad: #c4281c; --warn: #8a5a00; }
@media screen and (prefers-color-scheme: dark) { :root { --good: #6fd08c; --bad: #ff8a80; --warn: #f0b948; } }
.good { color: var(--good); } .error { color: var(--bad); } .warning { color: var(--warn); }
.verdict { font-size: 18px; font-weight: 600; }
.badge { border: 1px solid currentColor; border-radius: 999px; padding: 1px 10px; font-size: 13px; white-space: nowrap; }
.failure { border-top: 1px solid var(--plot-line); padding: 14px 0; }
.failure:first-of-type { border-top: 0; padding-top: 0; }
.failure h3 { font-size: 15px; margin: 0 0 4px; overflow-wrap: anywhere; }
.failure p { max-width: none; overflow-wrap: anywhere; }
details summary { cursor: pointer; color: var(--plot-muted); }
details td { font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.key { display: inline-block; width: 18px; height: 10px; vertical-align: baseline; margin-right: 6px; }
.key.data { background: var(--plot-accent); opacity: 0.5; }
.key.reference { border-top: 2px solid var(--plot-1); height: 4px; }
`);
