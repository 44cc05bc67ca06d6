import { AssertionError, Liquid, LiquidError } from 'liquidjs'
import { Problem } from './problem.ts'
import { checkNames, placeOf } from './template-names.ts'

/** What a template may be written with. */
export interface Contract {
  /** In `html` every value is escaped, in `text` none. */
  format: 'html' | 'text'
  /**
   * Every name there is, such as `site.title` or, of a list, `entries[].title`. The names under `reader.` stand for
   * placeholders that are filled in after rendering: a template may print them, but not look at them.
   */
  names: readonly string[]
}

/** A template that was read and whose names are all known. */
export interface Template {
  /**
   * The same text for the same context, whatever the clock and the machine.
   * @throws {Problem} `template-render`
   */
  render(context: object): string
}

const TAGS = ['if', 'unless', 'case', 'for', 'break', 'continue', 'assign', 'comment', 'raw', '#']

/**
 * Left out: `raw`, as every value is hostile, and `escape`, which would escape twice; what reads the clock, the
 * machine's zone or chance; and what takes a property or an expression as text, where no name can be checked.
 */
const FILTERS = [
  ...['append', 'prepend', 'capitalize', 'downcase', 'upcase', 'strip', 'lstrip', 'rstrip', 'strip_newlines', 'squish'],
  ...['replace', 'replace_first', 'replace_last', 'remove', 'remove_first', 'remove_last', 'truncate', 'truncatewords'],
  ...['split', 'join', 'first', 'last', 'size', 'reverse', 'slice', 'concat', 'uniq', 'compact', 'default'],
  ...['plus', 'minus', 'times', 'divided_by', 'modulo', 'round', 'floor', 'ceil', 'abs', 'at_least', 'at_most'],
  ...['url_encode', 'number_of_words'],
]

const ONE_FILE = 'a template is one file; put the text of the other one in its place'
const MENDS = new Map([
  ['raw', 'leave it out; articles may hold anything, so every value is escaped'],
  ['escape', 'leave it out; every value is escaped already'],
  ['date', 'leave it out; dates come as text, such as 2026-03-02'],
  ['include', ONE_FILE],
  ['render', ONE_FILE],
  ['layout', ONE_FILE],
])

const ENGINES = { html: newEngine('html'), text: newEngine('text') }

/**
 * Reads a Liquid template and checks every name in it, so that a slip of the owner's shows before anything is sent.
 * @param name how the owner knows the file, such as `templates/page.liquid`
 * @throws {Problem} `template-syntax`, `template-unknown-name` or `template-reader-branch`, at `name:line:column`
 */
export function compileTemplate(name: string, text: string, contract: Contract): Template {
  const engine = ENGINES[contract.format]
  const nodes = withPlace(name, 'template-syntax', () => engine.parse(text))
  checkNames(nodes, name, contract)
  return {
    render: (context) => withPlace(name, 'template-render', () => String(engine.renderSync(nodes, context))),
  }
}

function newEngine(format: Contract['format']): Liquid {
  const engine = new Liquid({
    ...(format === 'html' ? { outputEscape: 'escape' } : {}),
    templates: {}, // instead of the file system
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    locale: 'en',
    timezoneOffset: 0,
    parseLimit: 1_000_000,
    memoryLimit: 50_000_000,
    renderLimit: 10_000,
  })
  for (const tag of Object.keys(engine.tags)) if (!TAGS.includes(tag)) Reflect.deleteProperty(engine.tags, tag)
  for (const filter of Object.keys(engine.filters)) if (!FILTERS.includes(filter)) engine.unregisterFilter(filter)
  return engine
}

function withPlace<T>(name: string, code: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    // The limit of the text's length is an AssertionError without a place.
    if (!LiquidError.is(cause) && !(cause instanceof AssertionError)) throw cause
    const where = LiquidError.is(cause) ? placeOf(name, cause.token) : name
    const said = cause.message.replace(/, line:\d+, col:\d+$/, '')
    const refused = /^(?:undefined filter: |tag ")([a-z_]+)/.exec(said)?.[1] ?? ''
    const mend = MENDS.get(refused) ?? 'correct it there, or remove the file to go back to the one of Feedwire'
    throw new Problem(code, `The template cannot be used: ${said}`, { where, mend, cause })
  }
}
