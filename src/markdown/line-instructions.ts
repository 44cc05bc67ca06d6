import { MORE } from './more.ts'

/** A line that is an instruction in every dialect: what stands for it, the words to be read on; null for any other. */
export type LineReader = (line: string) => string | null

const CALLOUT = /^((?:[ \t]*>)+)[ \t]*\[!([\w-]+)(?:\|[^\]\n]*)?\][+-]?[ \t]*(.*)$/
const CONTAINER = /^[ \t]*:{3,}[ \t]*(.*)$/
/** What closes a block of MDC, which Nuxt Content reads. */
const CLOSING = /^[ \t]*::[ \t]*$/
const CONTAINER_NAME = /^\{?[.\w-]*[\w}](?:\[((?:[^\]\\]|\\.)*)\])?(?:[ \t]+|$|(?=\{))/
const LEAF = /^[ \t]{0,3}::[a-zA-Z][\w-]*(?:\[[^\]\n]*\])?(?:\{[^}\n]*\})?[ \t]*$/
const TABLE_OF_CONTENTS =
  /^[ \t]{0,3}(?:\\?\[_?toc_?\\?\](?:\([^)]*\))?|\[\[_?toc_?\]\]|@\[toc\](?:\([^)]*\))?|<!--\s*\/?toc\s*-->|\{\{\s*toc\s*\}\}|\$\{toc\})[ \t]*$/i
/** `@[code](./tides.js)` of VuePress, `@[youtube](id)` of Zenn and HackMD. */
const EMBED = /^[ \t]{0,3}@\[[a-zA-Z][^\]\n]*\]\([^)\n]*\)[ \t]*$/
/** `@tab npm` of VuePress, above each part of a container. */
const TAB = /^[ \t]{0,3}@tab(?::active)?(?:[ \t][^\n]*)?$/
const MDX_COMMENT = /^[ \t]{0,3}\{\/\*([^\n]*?)\*\/\}[ \t]*$/
const INCLUDE = /^<<<[ \t]+[@.~/\w][^\n]*$|^@include[ \t]*\([^)]*\)[ \t]*$|^<!--[ \t]*@include:[^>]*-->[ \t]*$/
const HEADING_ID = /^( {0,3}#{1,6}[ \t].*?)[ \t]*\{:?[ \t]*[#.][^{}\n]*\}[ \t]*#*[ \t]*$/
/** `##Tides`, a heading to the parsers of before CommonMark; with one mark it may be a tag. */
export const TIGHT_HEADING = /^( {0,3}#{2,6})(?=[\p{L}\p{N}\u3008-\u3011（“*`[])/u
/** `{.lead #id}`, `{width=300 .center}`. */
const ATTRIBUTES = /^[ \t]{0,3}\{(?:[ \t]*[#.][\w-]|(?:width|height|class|style)=)[^{}\n]*\}[ \t]*$/
export const ATTRIBUTE_MARKS = ['{width=', '{height=', '{class=', '{style=']

/** The first characters that such a line may have behind its white space; any other line is passed over quickly. */
const INSTRUCTION_START = /^[ \t]*[>:[\\@<${#]/

export const readLine: LineReader = (line) => {
  if (!INSTRUCTION_START.test(line)) return null
  if (line.includes('##') && TIGHT_HEADING.test(line)) {
    const heading = line.replace(TIGHT_HEADING, '$1 ')
    return attributes(heading) ?? heading
  }
  return callout(line) ?? container(line) ?? attributes(line) ?? mdxComment(line) ?? (isGone(line) ? '' : null)
}

/** `> [!note]+ Title` of Obsidian, `> [!NOTE]` of GitHub. */
function callout(line: string): string | null {
  const [, prefix, , title = ''] = CALLOUT.exec(line) ?? []
  if (prefix === undefined) return null
  return title.trim() === '' ? prefix : `${prefix} **${title.trim()}**\n${prefix}`
}

/** `:::tip Title`, `::: details Title {open}`, `:::note[Title]`, `:::`. */
function container(line: string): string | null {
  const words = CONTAINER.exec(line)?.[1]?.trim()
  if (words === undefined) return null
  const name = CONTAINER_NAME.exec(words)
  if (name === null || /^(?:code-group|code-tabs|v-pre)\b/.test(words)) return ''
  const title = name[1] ?? words.slice(name[0].length)
  const bare = title.replace(/\{[^{}]*\}$/, '').trim()
  return bare === '' ? '' : `\n**${bare}**\n`
}

/** `## Title {#id .class}`. */
function attributes(line: string): string | null {
  return line.trimEnd().endsWith('}') || line.includes('{#') ? (HEADING_ID.exec(line)?.[1] ?? null) : null
}

/** A comment of MDX, which Docusaurus also reads in files that end in `.md`. */
function mdxComment(line: string): string | null {
  const comment = MDX_COMMENT.exec(line)?.[1]
  return comment === undefined ? null : insteadOfComment(comment)
}

/** What stands for a comment of MDX: the mark at which an excerpt ends, or nothing. */
export function insteadOfComment(comment: string): string {
  const html = `<!--${comment}-->`
  return MORE.test(html) ? html : ''
}

const GONE = [TABLE_OF_CONTENTS, INCLUDE, LEAF, ATTRIBUTES, CLOSING, EMBED, TAB]

function isGone(line: string): boolean {
  return GONE.some((form) => form.test(line))
}
