import type { MarkdownIt, StateInline } from 'markdown-it'

const SIZED =
  /!\[((?:[^[\]\\\n]|\\.){0,500})\]\(<?([^\s()<>]{1,2000})>?(?:[ \t]+"([^"\n]{0,500})")?[ \t]+=\d{0,5}%?(?:x\d{0,5}%?)?[ \t]*\)/y

/** Images with a size, `![alt](tide.png =300x200)`, as HackMD, Zenn, CSDN and Wiki.js read them. */
export function sizedImages(markdown: MarkdownIt): void {
  markdown.inline.ruler.before('image', 'sized_image', (state, silent) => readImage(markdown, state, silent))
}

function readImage(markdown: MarkdownIt, state: StateInline, silent: boolean): boolean {
  if (!state.src.startsWith('![', state.pos)) return false
  SIZED.lastIndex = state.pos
  const [whole, alt = '', address = '', title] = SIZED.exec(state.src) ?? []
  if (whole === undefined) return false
  if (!silent) {
    const image = state.push('image', 'img', 0)
    image.attrs = [
      ['src', markdown.normalizeLink(address)],
      ['alt', ''],
      ...(title === undefined ? [] : [['title', title] satisfies [string, string]]),
    ]
    image.content = alt
    image.children = []
    markdown.inline.parse(alt, markdown, state.env, image.children)
  }
  state.pos += whole.length
  return true
}
