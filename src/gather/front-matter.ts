import matter from 'gray-matter'
import { Lexer, Parser, parseDocument } from 'yaml'
import { Problem } from '../problem.ts'

/** UTF-16 units; the time to read a head of blank lines or anchors grows with the square of its length. */
const LONGEST = 32 * 1024
/** A stack that overflows in the middle of a regular expression ends the whole process, and yaml is recursive. */
const DEEPEST = 100

/** The head of an article, and what comes after it. */
export interface FrontMatter {
  /** Lists, maps, null, and texts as they are written: `007` and `3.10` are no numbers. */
  data: Record<string, unknown>
  content: string
  /** Line of the file, from 1, on which a key of the head stands. */
  lineOf(key: string): number
}

/**
 * Reads YAML front matter between two lines `---`; a text without it has no data, nor has one that begins with mere
 * prose between two thematic breaks. Code is never run, whatever language the opening line names.
 * @param text with `\n` line ends and no byte order mark
 * @throws {Problem} `front-matter-unclosed`, `front-matter-language`, `front-matter-long`, `front-matter-yaml`, each with
 *   `where` `place:line`
 */
export function readFrontMatter(text: string, place: string): FrontMatter {
  const opening = /^---(?!-)[ \t]*([^\n]*)/.exec(text)
  const noHead = { data: {}, content: text, lineOf: () => 1 }
  if (opening === null) return noHead
  const language = (opening[1] ?? '').trim()
  if (language !== '' && !/^ya?ml$/i.test(language)) {
    throw new Problem('front-matter-language', `Front matter in "${language}" is not read`, {
      where: `${place}:1`,
      mend: 'write the front matter in YAML between two lines "---"',
    })
  }
  const end = text.indexOf('\n---')
  if (end < 0) {
    throw new Problem('front-matter-unclosed', 'Line 1 opens front matter with "---" that no line closes', {
      where: `${place}:1`,
      mend: 'close it with a second line "---"',
    })
  }
  if (end > LONGEST) {
    throw new Problem('front-matter-long', `The front matter has more than ${LONGEST / 1024} KB`, {
      where: `${place}:1`,
      mend: 'close it with a line "---" before the text begins',
    })
  }
  const refuse = (): never => {
    throw new TypeError('front matter is YAML')
  }
  const yaml = (head: string): { value: unknown } => ({ value: readYaml(head, place) })
  // Without an options object gray-matter caches by content, and gives broken YAML back as {} the second time.
  const file = matter(text, {
    language: 'yaml',
    engines: {
      yaml,
      yml: yaml,
      javascript: refuse,
      js: refuse,
      json: refuse,
    },
  })
  const value: unknown = file.data.value ?? {}
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return noHead
  const head = file.matter.split('\n')
  return {
    data: { ...value },
    content: file.content,
    lineOf: (key) => Math.max(1, head.findLastIndex((line) => line.startsWith(`${key}:`)) + 1),
  }
}

/** The head begins on the line of the opening `---`, so that its lines count as those of the file. */
function readYaml(head: string, place: string): unknown {
  if (isTooDeep(head)) throw yamlProblem(`${place}:1`, new Error('It is nested too deeply'))
  const document = parseDocument(head, {
    schema: 'failsafe',
    customTags: ['null'],
    uniqueKeys: false,
    prettyErrors: true,
    // Else it prints warnings of its own.
    logLevel: 'error',
  })
  const [error] = document.errors
  if (error !== undefined) throw yamlProblem(`${place}:${error.linePos?.[0].line ?? 1}`, error)
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch (cause) {
    // Aliases that unfold without end (a "billion laughs").
    throw yamlProblem(`${place}:1`, cause instanceof Error ? cause : new Error(String(cause)))
  }
}

function isTooDeep(head: string): boolean {
  const parser = new Parser()
  for (const lexeme of new Lexer().lex(head)) {
    Array.from(parser.next(lexeme))
    if (parser.stack.length > DEEPEST) return true
  }
  return false
}

function yamlProblem(where: string, error: Error): Problem {
  const reason = (error.message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '')
  const mend = 'mend the YAML; a text with a colon or a # belongs in quotes'
  return new Problem('front-matter-yaml', `Cannot read the front matter: ${reason}`, { where, mend, cause: error })
}
