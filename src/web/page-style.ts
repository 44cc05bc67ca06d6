import { createHash } from 'node:crypto'

/** The look of our pages: that of the published ones, in short. */
export const STYLE = `
:root {
  color-scheme: light dark; --paper: #f3f4f2; --ink: #14171a; --soft: #565d63; --line: #b9bfc0; --tape: #ffc72c; --bad: #a11212;
  --latin: -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial;
  --han: "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC";
  --text: var(--latin), var(--han), sans-serif;
  --mono: ui-monospace, "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", var(--han), monospace;
}
@media (prefers-color-scheme: dark) { :root { --paper: #111416; --ink: #e3e6e3; --soft: #99a2a6; --line: #3b4347; --tape: #f0b927; --bad: #ff9d8f; } }
:root:lang(zh), :root:lang(ja), :root:lang(ko) { --text: var(--han), var(--latin), sans-serif; }
* { box-sizing: border-box; margin: 0; padding: 0; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { background: var(--paper); color: var(--ink); font: 1.0625rem/1.75 var(--text); overflow-wrap: anywhere; }
header { background: var(--tape); color: #14171a; border-bottom: 1px solid #14171a; }
header p, main { max-width: 38rem; margin: 0 auto; padding: 1rem clamp(1.125rem, 4vw, 2rem); }
header p { font: 700 1rem/1.5 var(--mono); }
main { padding-top: 2.5rem; padding-bottom: 3rem; }
h1 { font: 700 1.625rem/1.3 var(--mono); border-top: 4px double var(--ink); border-bottom: 1px solid var(--ink); padding: .75rem 0; }
h2 { font: 700 1.0625rem/1.5 var(--mono); }
main p { margin-top: 1.25rem; text-wrap: pretty; }
section { margin-top: 2.5rem; padding-top: 1.75rem; border-top: 3px dotted var(--line); }
section p { margin-top: .5rem; }
section form { display: inline-block; margin-inline-end: .75rem; }
button { margin-top: 1.75rem; min-height: 3rem; padding: .6rem 1.6rem; font: 700 1rem/1.5 var(--mono); background: var(--tape); color: #14171a; border: 2px solid #14171a; border-radius: 0; cursor: pointer; }
button.plain { margin-top: 1rem; background: transparent; color: inherit; border-color: currentColor; }
a { color: inherit; text-underline-offset: .22em; }
:focus-visible { outline: 3px solid var(--ink); outline-offset: 3px; }
header :focus-visible { outline-color: #14171a; }

.field { margin-top: 1.75rem; border: 0; min-width: 0; }
.field > label[for], legend, summary { font: 700 1rem/1.5 var(--mono); }
.field > label[for] { display: block; }
.field small { font: .8125rem/1.6 var(--mono); color: var(--soft); }
input[type=email], select { display: block; width: 100%; margin-top: .5rem; min-height: 3rem; padding: .5rem .75rem; font: 1rem/1.5 var(--text); background: var(--paper); color: inherit; border: 2px solid var(--ink); border-radius: 0; }
input[aria-invalid] { border-color: var(--bad); }
input[type=radio], input[type=checkbox] { width: 1.25rem; height: 1.25rem; margin: .25rem 0; accent-color: var(--ink); flex: none; }
.choice { display: flex; align-items: flex-start; gap: .7rem; padding: .3rem 0; line-height: 1.75; }
.choices { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(14rem, 100%), 1fr)); gap: 0 1.5rem; }
.choices small { font: .8125rem/1.75rem var(--mono); color: var(--soft); margin-inline-start: auto; }
details { margin-top: 1.25rem; border-top: 3px dotted var(--line); padding-top: 1.25rem; }
details p { margin-top: .5rem; }
details .field { margin-top: .75rem; }
summary { cursor: pointer; min-height: 1.75rem; }
.fault { display: block; margin-top: .75rem; color: var(--bad); font-weight: 700; }
.told { border-inline-start: .5rem solid var(--tape); padding-inline-start: 1rem; }
.other { font: .8125rem/1.75 var(--mono); display: flex; flex-wrap: wrap; gap: 0 1.25rem; margin-top: 2.5rem; padding-top: 1rem; border-top: 1px solid var(--ink); }
.other a { display: inline-block; padding: .3rem 0; }
.trap { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
`

/** What stands for it in a Content-Security-Policy. */
export const STYLE_SOURCE = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`
