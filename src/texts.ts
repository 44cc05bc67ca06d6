import { LineCounter, isMap, isScalar, parseDocument } from 'yaml'
import { Problem } from './problem.ts'
import { PLAIN_TEXTS, TEXT_NAMES, type TextName, isTextName } from './text-names.ts'

/** Our texts in one language. */
export interface Texts {
  /** BCP 47 tag of the file that they come from. */
  language: string
  /** Fills a text in; words that it does not name are left out. */
  say: (name: TextName, words?: Readonly<Record<string, string | number>>) => string
  /** The texts into which nothing is filled, for templates. */
  plain: Readonly<Record<string, string>>
}

/** A text, or one for each plural category (Unicode CLDR) of its count. */
type Text = string | ReadonlyMap<string, string>

/** The texts that one file has. */
export type TextTable = ReadonlyMap<TextName, Text>

const CATEGORIES = ['zero', 'one', 'two', 'few', 'many', 'other']

/**
 * Reads `templates/texts/LANGUAGE.yaml`.
 * @param name how the owner knows the file
 * @throws {Problem} `template-texts`, at `name:line`
 */
export function readTexts(name: string, yaml: string): TextTable {
  const lines = new LineCounter()
  const document = parseDocument(yaml, { lineCounter: lines })
  const fault = (message: string, at: number): Problem =>
    new Problem('template-texts', message, {
      where: `${name}:${lines.linePos(at).line}`,
      mend: 'correct it there, or remove the file to go back to the one of Feedwire',
    })
  const [error] = document.errors
  if (error !== undefined) throw fault(`The texts cannot be read: ${error.message.split('\n')[0] ?? ''}`, error.pos[0])
  const table = new Map<TextName, Text>()
  if (document.contents === null) return table
  if (!isMap(document.contents)) throw fault('The texts are no list of "name: text"', 0)
  for (const { key, value } of document.contents.items) {
    const at = isScalar(key) ? key.range[0] : 0
    const text = String(isScalar(key) ? key.value : key)
    if (!isTextName(text)) throw fault(`There is no text called "${text}"`, at)
    const read = isMap(value) ? plural(value.toJSON()) : isScalar(value) ? textOf(value.value) : null
    if (read === null) throw fault(`"${text}" is neither a text nor one of ${CATEGORIES.join(', ')}`, at)
    const wrong = wordsMissing(text, read)
    if (wrong !== null) throw fault(`"${text}" must hold ${wrong}, and no other word in braces`, at)
    table.set(text, read)
  }
  return table
}

/** @param fallback the English table, which has all of them */
export function textsOf(language: string, table: TextTable, fallback: TextTable): Texts {
  const rules = new Map<string, Intl.PluralRules>()
  const say = (name: TextName, words: Readonly<Record<string, string | number>> = {}): string => {
    const own = table.get(name)
    const from = own === undefined ? 'en' : language
    const rule = rules.get(from) ?? new Intl.PluralRules(from)
    rules.set(from, rule)
    const text = pick(own ?? fallback.get(name) ?? name, rule, Number(words['count'] ?? 0))
    return text.replace(/\{([a-z]+)\}/g, (_, word: string) => String(words[word] ?? ''))
  }
  return { language, say, plain: plainTexts(say) }
}

/** True for tags such as `zh` and `zh-CN`. */
export function isOneLanguage(one: string, other: string): boolean {
  const [a = '', b = ''] = [one, other].map((tag) => tag.split('-')[0]?.toLowerCase())
  return a === b
}

/** Languages whose usual script runs to the left, and such scripts named outright, as `ku-Arab`. */
const WRITTEN_FROM_THE_RIGHT =
  /^(?:ar|arc|ckb|dv|fa|he|iw|ps|sd|ug|ur|yi)(?:-(?!Latn|Cyrl)|$)|-(?:Adlm|Arab|Hebr|Syrc|Thaa)(?:-|$)/i

/** True for the tag of a language whose lines begin at the right. */
export function isWrittenFromTheRight(language: string): boolean {
  return WRITTEN_FROM_THE_RIGHT.test(language)
}

function plainTexts(say: (name: TextName) => string): Record<string, string> {
  return Object.fromEntries(PLAIN_TEXTS.map((name) => [name, say(name)]))
}

/** What is written without quotes may be read as a number. */
function textOf(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null
}

function plural(value: unknown): Map<string, string> | null {
  if (typeof value !== 'object' || value === null) return null
  const forms = new Map<string, string>()
  for (const [category, form] of Object.entries(value)) {
    const text = textOf(form)
    if (text === null || !CATEGORIES.includes(category)) return null
    forms.set(category, text)
  }
  return forms.has('other') ? forms : null
}

function pick(text: Text, rule: Intl.PluralRules, count: number): string {
  if (typeof text === 'string') return text
  return text.get(rule.select(count)) ?? text.get('other') ?? ''
}

/** What of the words to be filled in is missing or too much, or null. A form for one number may leave the number out. */
function wordsMissing(name: TextName, text: Text): string | null {
  const needed: readonly string[] = TEXT_NAMES[name]
  const forms = typeof text === 'string' ? [text] : [...text.values()]
  const optional = typeof text === 'string' ? [] : ['count']
  const isRight = forms.every((form) => {
    const words = [...form.matchAll(/\{([^{}]*)\}/g)].map(([, word = '']) => word)
    return (
      words.every((word) => needed.includes(word)) &&
      needed.every((word) => words.includes(word) || optional.includes(word))
    )
  })
  if (isRight) return null
  return needed.length === 0 ? 'nothing to be filled in' : needed.map((word) => `{${word}}`).join(' and ')
}
