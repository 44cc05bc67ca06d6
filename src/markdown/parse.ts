import MarkdownIt from 'markdown-it'
import type { Env, StateBlock, Token } from 'markdown-it'
import { abbreviations } from './abbreviations.ts'
import { cjkEmphasis } from './cjk-emphasis.ts'
import { definitions } from './definitions.ts'
import { emoji } from './emoji.ts'
import { FOOTNOTE_MARK, footnotes } from './footnotes.ts'
import { findLines } from './lines.ts'
import { math } from './math.ts'
import { raised } from './raised.ts'
import { boundRawHtml, markDeepHtml } from './raw-html.ts'
import { sizedImages } from './sized-images.ts'
import { markTasks, tasks } from './tasks.ts'

const markdown = makeParser()
/** The same for plain text, which shows no address. */
const forText = makeParser()
forText.normalizeLink = (url) => url

function makeParser(): ReturnType<typeof MarkdownIt> {
  const made = new MarkdownIt({ html: true, xhtmlOut: true, linkify: false, typographer: false })
    .use(math)
    .use(footnotes)
    .use(raised)
    .use(sizedImages)
    .use(tasks)
    .use(boundRawHtml)
    .use(cjkEmphasis)
    .use(definitions)
    .use(abbreviations)
    .use(emoji)
    .use(findLines)
  // A link that is refused here would stand as source text; the sanitiser refuses it later and keeps its text.
  made.validateLink = () => true
  return made
}

/** What may define a link or a note, behind whatever begins a quotation, an item or another note. */
const DEFINITION = /(?:^|\n)(?:[ \t>*+\-\d.)]|\[\^[^\s\]]{1,200}\]:)*\[(?:[^[\]\\]|\\.){1,1000}\]:/s

/**
 * Markdown (CommonMark, GFM tables, strikethrough and task lists, footnotes, definition lists, TeX) as tokens of
 * markdown-it, with `math_inline`, `math_display` and `task_box` of our own. Front matter is already removed.
 */
export function parseMarkdown(text: string): Token[] {
  return markdown.parse(text.replace(/^\uFEFF/, ''), {})
}

/** The same for text without blocks; one `inline` token. */
export function parseInline(text: string): Token[] {
  return markdown.parseInline(text, {})
}

/**
 * The same tokens one outermost block at a time, so that who needs only the opening of an article pays for no more;
 * notes stand where they were written. What refers to a definition farther down is resolved all the same. The inline
 * text of a block that is not `wanted` is not parsed.
 */
export function* parseBlocks(text: string, wanted: (block: Token[]) => boolean = () => true): Generator<Token[]> {
  const env: Env = {}
  const state = new forText.block.State(normalize(text), forText, env, [])
  const ahead: Token[][] = []
  let mayDefine: boolean | null = null
  for (let index = 0; ; index++) {
    const block = ahead[index] ?? nextBlock(state)
    if (block === null) return
    if (ahead[index] === undefined) ahead.push(block)
    if (!wanted(block)) {
      yield block
      continue
    }
    if (mayDefine !== true && block.some(mayRefer)) {
      mayDefine ??= mayHoldDefinition(state.src, state.bMarks[state.line] ?? 0)
      if (mayDefine) for (let next = nextBlock(state); next !== null; next = nextBlock(state)) ahead.push(next)
    }
    parseInlineOf(block, state)
    yield block
  }
}

/** As markdown-it's own first step. */
function normalize(text: string): string {
  const plain = text.replace(/^\uFEFF/, '')
  return plain.includes('\r') || plain.includes('\0') ? plain.replace(/\r\n?/g, '\n').replaceAll('\0', '\uFFFD') : plain
}

/** What ParserBlock.tokenize does once for each outermost block. */
function nextBlock(state: StateBlock): Token[] | null {
  const line = (state.line = state.skipEmptyLines(state.line))
  if (line >= state.lineMax) return null
  state.tokens = []
  if (!forText.block.ruler.getRules('').some((rule) => rule(state, line, state.lineMax, false)) || state.line <= line)
    throw new Error(`No rule of markdown-it reads line ${line}`)
  return state.tokens
}

function mayHoldDefinition(text: string, from: number): boolean {
  return text.includes(']:', from) && DEFINITION.test(text.slice(from))
}

/** Brackets that may stand for a link whose definition is elsewhere. */
function mayRefer(token: Token): boolean {
  return (
    token.type === 'inline' && token.content.includes('[') && token.content.replace(FOOTNOTE_MARK, '').includes('[')
  )
}

function parseInlineOf(block: Token[], { env, Token: Box }: StateBlock): void {
  for (const token of block) {
    if (token.type !== 'inline') continue
    token.children = []
    forText.inline.parse(token.content, forText, env, token.children)
  }
  markTasks(block, Box)
  markDeepHtml(block)
}

/** The tokens as HTML that nobody has sanitised. */
export function renderTokens(tokens: Token[]): string {
  return markdown.renderer.render(tokens, markdown.options, {})
}
