/** The look of the page of `feedwire status`: that of our published pages, in short. */
export const STYLE = `
:root {
  color-scheme: light dark; --paper: #f3f4f2; --ink: #14171a; --soft: #565d63; --line: #b9bfc0; --tape: #ffc72c;
  --sent: #2c6e62; --waiting: #3b5f9b; --held: #a86f00; --failed: #b0261c; --dropped: #7b8287;
  --mono: ui-monospace, "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", monospace;
  --text: -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #111416; --ink: #e3e6e3; --soft: #99a2a6; --line: #3b4347; --tape: #f0b927;
    --sent: #6fbfae; --waiting: #86a9e6; --held: #e0a63a; --failed: #ff8d80; --dropped: #7d868b;
  }
}
* { box-sizing: border-box; margin: 0; padding: 0; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { background: var(--paper); color: var(--ink); font: 1rem/1.6 var(--text); overflow-wrap: anywhere; }
header { background: var(--tape); color: #14171a; border-bottom: 1px solid #14171a; }
header p, main { max-width: 58rem; margin: 0 auto; padding: .75rem clamp(1.125rem, 4vw, 2rem); }
header p { font: 700 1rem/1.5 var(--mono); display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 2rem; }
header time { font-weight: 400; }
main { padding-top: 2rem; padding-bottom: 3rem; }
h1 { font: 700 1.625rem/1.3 var(--mono); border-top: 4px double var(--ink); border-bottom: 1px solid var(--ink); padding: .75rem 0; }
h2 { font: 700 1rem/1.5 var(--mono); margin-bottom: .5rem; }
.needs { list-style: none; margin-top: 1rem; }
.needs li { border-inline-start: .5rem solid var(--tape); padding: .1rem 0 .1rem 1rem; margin-top: .9rem; }
.needs strong { display: block; font-weight: 600; }
.needs span { color: var(--soft); }
section { margin-top: 2rem; padding-top: 1.25rem; border-top: 3px dotted var(--line); }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(24rem, 100%), 1fr)); gap: 2.25rem 2rem; }
figure { min-width: 0; }
figcaption { font: 700 1rem/1.5 var(--mono); margin-bottom: .4rem; }
figure > svg { display: block; width: 100%; height: auto; }
svg .plain, svg .sent { fill: var(--sent); }
svg .waiting { fill: var(--waiting); }
svg .held { fill: var(--held); }
svg .failed { fill: var(--failed); }
svg .dropped { fill: var(--dropped); }
svg .area { fill: var(--sent); fill-opacity: .18; }
svg .line { fill: none; stroke: var(--sent); stroke-width: 2; stroke-linejoin: round; }
svg .grid { stroke: var(--line); stroke-width: .75; stroke-dasharray: 1 3; }
svg .base { stroke: var(--ink); stroke-width: 1; }
svg text { font: 11px var(--mono); fill: var(--ink); }
svg .axis { fill: var(--soft); }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 0 1.25rem; font: .8125rem/1.6 var(--mono); }
.legend svg { width: .7em; height: .7em; }
details { margin-top: .4rem; }
details .wide { max-height: 24rem; overflow: auto; }
summary { font: .8125rem/1.5rem var(--mono); color: var(--soft); cursor: pointer; width: max-content; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font: .875rem/1.5 var(--mono); font-variant-numeric: tabular-nums; overflow-wrap: normal; }
th, td { text-align: start; vertical-align: top; padding: .2rem 1.5rem .2rem 0; }
th { color: var(--soft); font-weight: 400; white-space: nowrap; }
td { border-top: 1px solid var(--line); white-space: nowrap; }
.long { min-width: 16rem; max-width: 34rem; white-space: normal; overflow-wrap: anywhere; }
.number { text-align: end; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .2rem 1.5rem; font: .875rem/1.5 var(--mono); }
dt, .empty { color: var(--soft); }
.empty { font: .875rem/1.5 var(--mono); }
:focus-visible { outline: 3px solid var(--ink); outline-offset: 3px; }
@media (forced-colors: active) { svg rect { stroke: CanvasText; stroke-width: .5; } }
@media print { header { background: none; } details { display: none; } section, figure { break-inside: avoid; } }
`
