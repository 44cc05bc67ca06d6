import type { Passage, Reader } from './passages.ts'

const LINK = /\[\[([^[\]\n]{1,400})\]\](?!\()/y
const EMBED = /!\[\[[^[\]\n]{1,400}\]\]/y
/** Sticky. */
export const HIGHLIGHT = /==(?![=\s])([^=\n]{1,2000})(?<!\s)==(?!=)/y
/** Sticky. */
export const BLOCK_ID = /\^[A-Za-z0-9-]{1,100}[ \t]*(?=\n|$)/y

const OWN_PROPERTY =
  '(?:id|collapsed|heading|background-color|ls-type|created-at|updated-at|public|icon|filters|(?:card|hl|query)-[a-z-]{1,30}|logseq\\.[\\w.-]{1,60})'
const OF_LOGSEQ = new RegExp(
  `^[ \\t]*(?:-[ \\t]+)?${OWN_PROPERTY}::(?:[ \\t].*)?$|^[ \\t]*(?::(?:LOGBOOK|END):|CLOCK: \\[[^\\n]*|(?:SCHEDULED|DEADLINE): <[^<>\\n]*>)[ \\t]*$`,
)

/** A line that Logseq keeps for itself: a property such as `id:: …` or `collapsed:: true`, a log of hours. */
export function isOfLogseq(line: string): boolean {
  return OF_LOGSEQ.test(line)
}

/** `[[Page]]`, `[[Page|words]]`, `[[Page#Heading]]`; neither `[[ -f x ]]` nor `[[1,2],[3,4]]` is a link. */
export const readWikiLink: Reader = (source, at) => {
  const inner = match(LINK, source.text, at)
  if (inner?.[1] === undefined || /^\s|^[-,]/.test(inner[1])) return null
  return { end: at + inner[0].length, text: wordsOfLink(inner[1]) }
}

function wordsOfLink(inner: string): string {
  const [page = '', ...words] = inner.split(/\\?\|/)
  if (words.length > 0) return words.join('|').trim()
  const [name = '', ...headings] = page.split('#')
  return [name, ...headings.filter((heading) => !heading.startsWith('^'))]
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join(' > ')
}

/** `![[picture.png|300]]` shows another file. */
export const readEmbed: Reader = (source, at) => {
  const embed = match(EMBED, source.text, at)
  return embed === null ? null : { end: at + embed[0].length, text: '' }
}

/** `%%…%%`, also over several lines and paragraphs. */
export const readWikiComment: Reader = (source, at) => {
  const close = source.find('%%', at + 2)
  return source.startsWith('%%', at) && close < source.text.length ? { end: close + 2, text: '' } : null
}

/** `==words==`; the words may hold links and code themselves. */
export function readHighlight(clean: (words: string) => string): Reader {
  return (source, at): Passage | null => {
    const marked = source.text.charAt(at - 1) === '=' ? null : match(HIGHLIGHT, source.text, at)
    return marked === null ? null : { end: at + marked[0].length, text: clean(marked[1] ?? '') }
  }
}

/** `^id` at the end of a line names its block. */
export const readBlockId: Reader = (source, at) => {
  if (at > 0 && !/\s/.test(source.text.charAt(at - 1))) return null
  const id = match(BLOCK_ID, source.text, at)
  return id === null ? null : { end: at + id[0].length, text: '' }
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}
