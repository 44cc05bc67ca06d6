import { mayBeDirective } from './directive.ts'
import type { Syntax } from './syntax.ts'
import { endsHtml } from './kramdown.ts'
import { ATTRIBUTE_MARKS, TIGHT_HEADING } from './line-instructions.ts'
import { maybeLoneHeading } from './lone-heading.ts'
import { PLUGIN_SIGNS } from './vault-plugins.ts'
import { BLOCK_ID, HIGHLIGHT, isOfLogseq } from './wiki.ts'

/** A sign with which an instruction may begin, and whether one may where it stands. */
interface Sign {
  sign: string
  mayBegin: (text: string, at: number, syntax: Syntax) => boolean
}

const SIGNS: readonly Sign[] = [
  { sign: '{', mayBegin: opensBrace },
  { sign: '[', mayBegin: opensBracket },
  { sign: '##', mayBegin: opensTightHeading },
  { sign: '#', mayBegin: opensLoneHeading },
  {
    sign: '::',
    mayBegin: (text, at, { wiki }) =>
      beginsLine(text, at) || (wiki && (isOfLogseq(propertyAt(text, at)) || mayBeField(text, at))),
  },
  { sign: '==', mayBegin: (text, at, { wiki }) => wiki && opensHighlight(text, at) },
  { sign: '^', mayBegin: (text, at, { wiki }) => wiki && opensBlockId(text, at) },
  { sign: '^', mayBegin: (text, at, { kramdown }) => kramdown && isAlone(text, at) },
  { sign: '\\\\', mayBegin: (text, at, syntax) => hasTex(syntax) && /[([]/.test(text.charAt(at + 2)) },
  { sign: '<', mayBegin: opensAngle },
  { sign: '@', mayBegin: (text, at) => /^(?:\[|tab|include)/.test(text.slice(at + 1, at + 9)) && beginsLine(text, at) },
  { sign: '!!!', mayBegin: beginsLine },
  { sign: '???', mayBegin: beginsLine },
  { sign: 'markdown=', mayBegin: (_text, _at, { kramdown }) => kramdown },
  { sign: '>\n', mayBegin: (text, at, { kramdown }) => kramdown && endsElement(text, at) },
  { sign: '=== "', mayBegin: beginsLine },
  { sign: '===!', mayBegin: beginsLine },
  { sign: '===+', mayBegin: beginsLine },
]

const SIGNS_OF_WIKI = ['%%', ':LOGBOOK:', ...PLUGIN_SIGNS]

/**
 * True when reading a text's instructions would surely give it back as it is: it holds nothing that begins like one.
 * Most articles are such, with their code, math, links, images and tables, and this takes a tenth of the time.
 */
export function isUnmarked(text: string, syntax: Syntax): boolean {
  if (syntax.mdx || text.includes('\r') || (syntax.vue && text.includes('<'))) return false
  if (beginsWithImport(text)) return false
  if (syntax.wiki && SIGNS_OF_WIKI.some((sign) => text.includes(sign))) return false
  if (SIGNS.some(({ sign, mayBegin }) => holds(text, sign, (at) => mayBegin(text, at, syntax)))) return false
  return !syntax.kramdown || !holdsDollarsInLine(text)
}

/** Whether an `import` of JavaScript may stand at the head of a text. */
export function beginsWithImport(text: string): boolean {
  return /^\s{0,99}import[\s{*"']/.test(text)
}

function holds(text: string, sign: string, mayBegin: (at: number) => boolean): boolean {
  for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) if (mayBegin(at)) return true
  return false
}

/** `{%`, `{{`, `{#id}`, `{: .class}`, `{ .class }`, `{/* more *\/}`, `{width=300}`, `${toc}`, `**a**{b=c}`, `:a{b=c}`. */
function opensBrace(text: string, at: number): boolean {
  let next = at + 1
  while (isBlank(text.charCodeAt(next))) next++
  const isSized = ATTRIBUTE_MARKS.some((mark) => text.startsWith(mark, at))
  return '%{#.:/'.includes(text.charAt(next)) || isSized || isToc(text, next) || mayBeDirective(text, at)
}

/** `[[page]]`, `> [!note]`, `[toc]`, `:a[b]`. */
function opensBracket(text: string, at: number): boolean {
  switch (text.charAt(at + 1)) {
    case '[':
      return true
    case '!':
      return text.charAt(behindBlanks(text, at) - 1) === '>'
    case '_':
      return isToc(text, at + 2)
    default:
      return isToc(text, at + 1) || mayBeDirective(text, at)
  }
}

function isToc(text: string, at: number): boolean {
  return (text.charCodeAt(at) | 0x20) === 0x74 && text.slice(at, at + 3).toLowerCase() === 'toc'
}

function opensHighlight(text: string, at: number): boolean {
  HIGHLIGHT.lastIndex = at
  return text.charAt(at - 1) !== '=' && HIGHLIGHT.test(text)
}

function opensBlockId(text: string, at: number): boolean {
  BLOCK_ID.lastIndex = at
  return (at === 0 || /\s/.test(text.charAt(at - 1))) && BLOCK_ID.test(text)
}

/** A sign that is all of its line. */
function isAlone(text: string, at: number): boolean {
  const ends = (index: number): boolean => index < 0 || index >= text.length || text.charAt(index) === '\n'
  return ends(at - 1) && ends(at + 1)
}

/** `##Tides`. */
function opensTightHeading(text: string, at: number): boolean {
  return text.charAt(at - 1) !== '#' && beginsLine(text, at) && TIGHT_HEADING.test(text.slice(at, at + 8))
}

/** `<<< @/a.js`, `<svelte:head>`, `<!-- toc -->`. */
function opensAngle(text: string, at: number): boolean {
  switch (text.charAt(at + 1)) {
    case '<':
      return text.charAt(at + 2) === '<' && beginsLine(text, at)
    case 's':
      return text.startsWith('<svelte:', at)
    case '!':
      return text.startsWith('<!--', at) && opensComment(text, at)
    default:
      return false
  }
}

/** `#Tides` in Jekyll, `#前言`. */
function opensLoneHeading(text: string, at: number, syntax: Syntax): boolean {
  const next = text.charCodeAt(at + 1)
  if (isBlank(next) || next === 0x23 || !beginsLine(text, at)) return false
  const end = text.indexOf('\n', at)
  return maybeLoneHeading(text.slice(at, end < 0 ? text.length : end), syntax)
}

/** `<!-- toc -->`, `<!-- @include: x -->`. */
function opensComment(text: string, at: number): boolean {
  let next = at + 4
  while (/\s/.test(text.charAt(next))) next++
  return text.startsWith('/', next) || text.startsWith('@', next) || isToc(text, next)
}

/** `</div>` and `<br>` at the end of a line, with words in the next one. */
function endsElement(text: string, at: number): boolean {
  return endsHtml(text.slice(text.lastIndexOf('\n', at) + 1, at + 1), text.charAt(at + 2))
}

/** `[key:: value]` */
function mayBeField(text: string, at: number): boolean {
  return /[[(]\p{L}[\p{L}\p{N} _-]{0,40}$/u.test(text.slice(Math.max(0, at - 50), at))
}

/** What stands in a line before `::`, which is no property when it is long. */
function propertyAt(text: string, at: number): string {
  const before = text.slice(Math.max(0, at - 100), at)
  return `${before.slice(before.lastIndexOf('\n') + 1)}::`
}

function beginsLine(text: string, at: number): boolean {
  const before = behindBlanks(text, at)
  return before === 0 || text.charAt(before - 1) === '\n'
}

/** Where the spaces and tabs begin that precede a place. */
function behindBlanks(text: string, at: number): number {
  let from = at
  while (from > 0 && isBlank(text.charCodeAt(from - 1))) from--
  return from
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09
}

function hasTex({ kramdown, shortcodes, liquid }: Syntax): boolean {
  return kramdown || shortcodes || liquid
}

/** A formula with a line to itself is one in every dialect. */
const FORMULA_ALONE = /^[ \t>]{0,80}\$\$[^$]+\$\$[ \t]{0,80}$/

/** Whether `$$…$$` stands within some line of text: kramdown's inline math. */
function holdsDollarsInLine(text: string): boolean {
  for (let at = text.indexOf('$$'); at >= 0;) {
    const feed = text.indexOf('\n', at)
    const end = feed < 0 ? text.length : feed
    const line = text.slice(text.lastIndexOf('\n', at) + 1, end)
    if (line.indexOf('$$', line.indexOf('$$') + 2) >= 0 && !FORMULA_ALONE.test(line)) return true
    at = text.indexOf('$$', end)
  }
  return false
}
