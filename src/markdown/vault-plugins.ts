import type { Reader, Source } from './passages.ts'

/** Templater's `<% tp.date.now() %>` and `<%* … %>`, which it left behind. */
const TEMPLATER = /<%(?:[*_]|-?\s*(?:await\s+)?tp\.)(?:(?!%>)[^]){0,4000}%>/y
/** Queries of Dataview in code, `= this.x` and `$= dv.x`, and what Meta Bind makes fields and buttons of. */
const CODE_OF_PLUGIN =
  /`(?:=[^`\n]{0,400}\bthis\.[^`\n]{1,400}|\$=[^`\n]{0,800}\bdv\.[^`\n]{1,2000}|(?:INPUT|VIEW|BUTTON)\[[^`\n]{1,800}\])`(?!`)/y
/** `[key:: value]` and `(key:: value)` of Dataview. */
const FIELD = /[[(]\p{L}[\p{L}\p{N} _-]{0,40}::[ \t]*((?:\[\[[^[\]\n]{1,200}\]\]|[^[\]()\n]){0,400})[\])]/uy
const ENDS_LINE = /(?:[ \t]*[[(]\p{L}[\p{L}\p{N} _-]{0,40}::[^\n]{0,400}[\])])?[ \t]*(?=\n|$)/uy
/** `{{embed [[page]]}}`, `{{query …}}` of Logseq. */
const MACRO = /\{\{(?:embed|query|video|youtube|vimeo|tweet|twitter|bilibili|renderer|pdf)[ ,(][^\n]{0,400}?\}\}/y
/** `{:height 200, :width 300}` behind an image of Logseq. */
const SIZE = /\{:(?:height|width)[ \t][^{}\n]{1,60}\}/y

/** What every instruction of a plugin, or of Org, has in it somewhere and no Markdown means. */
export const PLUGIN_SIGNS = [
  ...['<%', '`=', '`$=', '`INPUT[', '`VIEW[', '`BUTTON['],
  ...['#+', ':PROPERTIES:', 'SCHEDULED:', 'DEADLINE:'],
]

export const readTemplater: Reader = (source, at) =>
  source.find('%>', at) - at > 4100 ? null : gone(TEMPLATER, source, at)
export const readPluginCode: Reader = (source, at) =>
  source.text.charAt(at - 1) === '`' ? null : gone(CODE_OF_PLUGIN, source, at)
export const readMacro: Reader = (source, at) => gone(MACRO, source, at) ?? gone(SIZE, source, at)

/** A field at the end of its line is for the plugin; within a text its value is read. */
export function readField(clean: (words: string) => string): Reader {
  return (source, at) => {
    FIELD.lastIndex = at
    const field = FIELD.exec(source.text)
    if (field === null) return null
    ENDS_LINE.lastIndex = FIELD.lastIndex
    return { end: at + field[0].length, text: ENDS_LINE.test(source.text) ? '' : clean((field[1] ?? '').trim()) }
  }
}

function gone(pattern: RegExp, { text }: Source, at: number): { end: number; text: string } | null {
  pattern.lastIndex = at
  const found = pattern.exec(text)
  return found === null ? null : { end: at + found[0].length, text: '' }
}

/** The end of the drawer or query of Org, as Logseq has them, that a line opens; null when it opens none. */
export function drawerEnd(source: Source, line: string, lineEnd: number): number | null {
  const name = /^[ \t]*(?:-[ \t]+)?(?::(PROPERTIES):|#\+BEGIN_(QUERY))[ \t]*$/i.exec(line)
  if (name === null) return null
  const end = name[1] === undefined ? /\n[ \t]*#\+END_QUERY[ \t]*(?=\n|$)/i : /\n[ \t]*:END:[ \t]*(?=\n|$)/i
  const found = end.exec(source.text.slice(lineEnd, lineEnd + 4000))
  return found === null ? null : lineEnd + found.index + found[0].length
}

/** The mark of a list before a line that only opens or closes a block of Org; null for any other line. */
export function besideBlockMark(line: string): string | null {
  const mark = /^([ \t]*(?:-(?=[ \t]))?)[ \t]*#\+(?:BEGIN|END)_[A-Z]+[ \t]*$/i.exec(line)
  return mark === null ? null : (mark[1] ?? '')
}
