import { createRequire } from 'node:module'
import { Lexer, Parser, parseDocument } from 'yaml'

/** A stack that overflows in the middle of a regular expression ends the whole process; parsers are recursive. */
const DEEPEST = 100

/** Why a text is no YAML, in one line. */
export class YamlFault extends Error {
  /** Line of the text, from 1. */
  readonly line: number

  constructor(reason: string, line: number, options?: ErrorOptions) {
    super(reason, options)
    this.name = 'YamlFault'
    this.line = line
  }
}

/**
 * Reads YAML 1.2 with lists, maps, null and texts only (its failsafe schema); the last of equal keys counts.
 * @throws {YamlFault}
 */
export function readStrictYaml(text: string): unknown {
  if (isTooDeep(text)) throw new YamlFault('It is nested too deeply', 1)
  const document = parseDocument(text, {
    schema: 'failsafe',
    customTags: ['null'],
    uniqueKeys: false,
    // They take time for each of many errors.
    prettyErrors: false,
    // Else it prints warnings of its own.
    logLevel: 'error',
  })
  const [error] = document.errors
  if (error !== undefined) throw faultOf(error, text.slice(0, error.pos[0]).split('\n').length)
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch (cause) {
    // Aliases that unfold without end (a "billion laughs").
    throw faultOf(cause, 1)
  }
}

/**
 * Reads YAML as js-yaml 3 does, with the same values as `readStrictYaml`: it lets a quoted text go on in column 0.
 * Tabs indent by two columns, as Hexo reads them.
 * @throws {YamlFault}
 */
export function readLenientYaml(text: string): unknown {
  if (isTooDeep(text)) throw new YamlFault('It is nested too deeply', 1)
  try {
    return jsYaml().load(text.includes('\t') ? withoutTabs(text) : text) ?? null
  } catch (error) {
    const line = /at line (\d+)/.exec(error instanceof Error ? error.message : '')
    throw faultOf(error, Number(line?.[1] ?? 1))
  }
}

function withoutTabs(text: string): string {
  return text.replace(/^[ \t]*\t[ \t]*/gm, (indent) => indent.replaceAll('\t', '  '))
}

function faultOf(error: unknown, line: number): YamlFault {
  const message = error instanceof Error ? error.message : String(error)
  const reason = (message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '')
  return new YamlFault(reason, line, { cause: error })
}

function isTooDeep(text: string): boolean {
  // Each level of nesting has a mark of its own, so that few marks cannot nest deeply.
  if (text.split(/[[{?:-]/, DEEPEST).length < DEEPEST) return false
  const parser = new Parser()
  for (const lexeme of new Lexer().lex(text)) {
    Array.from(parser.next(lexeme))
    if (parser.stack.length > DEEPEST) return true
  }
  return false
}

interface JsYaml {
  load(text: string): unknown
}

let loaded: JsYaml | null = null

/** gray-matter's own js-yaml 3, which no package of ours depends on. */
function jsYaml(): JsYaml {
  loaded ??= withoutTypes(createRequire(createRequire(import.meta.url).resolve('gray-matter'))('js-yaml'))
  return loaded
}

interface JsYamlModule {
  safeLoad: (text: string, options: object) => unknown
  Type: new (tag: string, options: object) => object
  Schema: new (definition: object) => object
  FAILSAFE_SCHEMA: object
}

function withoutTypes(library: unknown): JsYaml {
  if (!isJsYaml(library)) throw new TypeError('gray-matter has another js-yaml than version 3')
  const none = new library.Type('tag:yaml.org,2002:null', {
    kind: 'scalar',
    resolve: (text: string | null) => text === null || /^(?:~|null|Null|NULL|)$/.test(text),
    construct: () => null,
  })
  const schema = new library.Schema({ include: [library.FAILSAFE_SCHEMA], implicit: [none] })
  return { load: (text) => library.safeLoad(text, { schema, json: true }) }
}

function isJsYaml(library: unknown): library is JsYamlModule {
  return typeof library === 'object' && library !== null && 'safeLoad' in library && 'FAILSAFE_SCHEMA' in library
}

const CHARACTER = '(?![:#])[^\\n\\p{Cc}\\p{Cs}\\u2028\\u2029\\ufeff\\ufffe\\uffff]'
const START = `(?:[\\w/(<+=$.^;]|(?=[^\\x00-\\x7f])${CHARACTER})`
// A space belongs to what follows it, so that no text can be read in two ways, which would take for ever.
const PLAIN = `${START}(?: *(?:(?! )${CHARACTER}|:(?=\\S)|(?<!\\s)#))*`
const QUOTED = `"(?:(?!["\\\\])${CHARACTER}|[:#])*"|'(?:(?!')${CHARACTER}|[:#])*'`
const ITEM = `(?:${QUOTED}|${START}(?: *(?![,[\\]{}"' ])${CHARACTER})*)`
const VALUE = `(?:${QUOTED}|\\[ *(?:${ITEM}(?: *, *${ITEM})*)? *\\]|${PLAIN})`
/** The strict parser takes a key `null` for an empty one. */
const NAME = '(?![nN][uU][lL]{2}\\b)[A-Za-z][\\w-]*'
const SIMPLE_LINE = new RegExp(
  `(?: {0,20}(?:#[^\\n\\p{Cc}\\p{Cs}]*|(?:- +)?${NAME}:(?: +${VALUE})? *|- +${VALUE} *))?(?:\\n|$)`,
  'uy',
)

/**
 * True for YAML of plain lines, `name: value` and `- value`, in which the strict and the lenient parser see the same;
 * the lenient one is several times faster.
 */
export function isSimpleYaml(text: string): boolean {
  SIMPLE_LINE.lastIndex = 0
  while (SIMPLE_LINE.lastIndex < text.length) if (!SIMPLE_LINE.test(text)) return false
  return true
}
