import { posix } from 'node:path'

/** More than any article includes. */
const MOST = 500

const FENCE = /^[\s>]*(`{3,}|~{3,})(.*)$/
/** Code in a line may show an instruction without giving it. */
const CODE = /`[^`]*`/g
/** An article has one of the first and one of the second in it when it includes anything. */
const ENDINGS = ['.md', '.markdown', '.MD']
const WORDS = ['import', 'export', '} from', 'include', 'readfile', '8<']

/** One form of including another file. */
interface Form {
  /** Its first group is the file. */
  pattern: RegExp
  /** True when the file is also looked for from the source's own folder. */
  isFromRoot?: boolean
}

const FORMS: readonly Form[] = [
  // MDX, and Vue's script in VitePress; the last line of a statement over several lines begins with a bracket.
  { pattern: /^ {0,3}(?:(?:import|export)\b[^'"]*\bfrom|import|\}\s*from)\s*['"]([^'"]+)['"]/ },
  // VitePress, VuePress: https://vitepress.dev/guide/markdown#markdown-file-inclusion
  { pattern: /<!--\s*@include:([^<>]{1,500}?)-->/ },
  // The same of earlier plugins of VuePress and markdown-it.
  { pattern: /^\s*(?:@|!!!)include\(\s*([^()]+)\)/ },
  // Jekyll: relative to the file; `include` is relative to _includes.
  { pattern: /\{%-?\s*include_relative\s+["']?([^\s"'%]+)/ },
  // Hugo has no such shortcode of its own; themes and Quarto do.
  { pattern: /\{\{[<%]\s*(?:include|readfile)(?:\s+[a-z]+\s*=)?\s*["'`]?([^\s"'`<>%]+)/i },
  // Snippets of PyMdown, as MkDocs has them: from a base path, by default that of the site.
  { pattern: /^\s*-+8<-+\s+["']([^"']+)["']/, isFromRoot: true },
]

/**
 * The Markdown files that an article includes and that are therefore no articles of their own; relative to the
 * source with `/`, in NFC, never outside of it, whether or not they are there.
 * @param path of the article, relative to the source
 */
export function importsOf(markdown: string, path: string): string[] {
  if (!hasOneOf(markdown, ENDINGS) || !hasOneOf(markdown, WORDS)) return []
  const found = new Set<string>()
  for (const line of proseLines(markdown)) {
    for (const file of filesIn(line, path)) if (found.size < MOST) found.add(file)
  }
  found.delete(path.normalize('NFC'))
  return [...found]
}

function hasOneOf(text: string, words: readonly string[]): boolean {
  return words.some((word) => text.includes(word))
}

/** The lines that stand in no fence and include something perhaps. */
function* proseLines(markdown: string): Generator<string> {
  let fence = ''
  for (const line of markdown.split('\n')) {
    const [, marks = '', rest = ''] = FENCE.exec(line) ?? []
    if (fence === '') {
      // A mark after the fence makes it code in the line.
      if (marks !== '' && !(marks.startsWith('`') && rest.includes('`'))) fence = marks
      else if (hasOneOf(line, WORDS)) yield line.replace(CODE, '')
    } else if (marks.startsWith(fence) && rest.trim() === '') fence = ''
  }
}

function filesIn(line: string, path: string): string[] {
  return FORMS.flatMap(({ pattern, isFromRoot = false }) => {
    const target = pattern.exec(line)?.[1] ?? ''
    const folders = isFromRoot ? [posix.dirname(path), '.'] : [posix.dirname(path)]
    return folders.flatMap((folder) => resolved(target, folder) ?? [])
  })
}

/** The file that a target names: `./parts/x.md{1,3}`, `@/x.md#part`, `/x.md` (both from the source's own folder). */
function resolved(target: string, folder: string): string | null {
  const [, fromRoot, name] = /^(@?\/)?([^{}#?]+?\.(?:md|mdx|markdown))(?:[{#?:].*)?$/i.exec(target.trim()) ?? []
  if (name === undefined || name.includes('://')) return null
  const file = posix.normalize(posix.join(fromRoot === undefined ? folder : '.', name)).normalize('NFC')
  return file.startsWith('../') || file.startsWith('/') ? null : file
}
