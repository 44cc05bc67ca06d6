import { Parser } from 'htmlparser2'
import { Problem, type ProblemRecord, type Severity } from '../../problem.ts'
import { decodeFeed } from '../feed/decode-feed.ts'
import { References } from '../feed/references.ts'
import { type ListedFeed, feedOf } from './outline.ts'

/** A list of feeds, as feed readers export it. */
export interface ReadOpml {
  /** In the order of the list, as often as they stand there. */
  feeds: ListedFeed[]
  /** Outlines that were set aside are errors, each with its line. */
  problems: ProblemRecord[]
}

const MOST_OUTLINES = 50_000
/** Start tags at the end of which nobody thought. */
const DEEPEST = 10_000
/** Ends the reading. */
const STOP = new Error('stop')

/**
 * Reads OPML 1.0, 1.1 and 2.0 (http://opml.org/spec2.opml), well-formed or not: every outline with an `xmlUrl` is a feed,
 * however deep it stands.
 * @param body the bytes of the file
 * @param place what messages call the file
 * @throws {Problem} `argument-opml` for what holds no outline
 */
export function readOpml(body: Buffer, place: string): ReadOpml {
  const { text, fault } = decodeFeed(body, null)
  const outlines = new Outlines(text, place)
  if (fault !== null) outlines.tell('opml-encoding', 'warning', fault, 'look whether the names came out right')
  const parser: Parser = new Parser(
    {
      onopentag: (tag, attributes) => outlines.open(tag, attributes, parser.startIndex),
      onclosetag: () => outlines.close(),
    },
    { xmlMode: true, decodeEntities: false },
  )
  try {
    parser.end(text)
  } catch (error) {
    if (error !== STOP) throw error
    outlines.tell('opml-cut', 'error', 'It holds more than can be read; its end was left out', 'import it in parts')
  }
  if (outlines.count === 0) {
    const mend = 'name a list of feeds, as feed readers export it'
    throw new Problem('argument-opml', 'This is no OPML, or an empty one', { where: place, mend })
  }
  return outlines
}

/** An outline without address that is said to be a feed; what stands in it would make it a folder. */
interface Pending {
  problem: Problem
  depth: number
}

class Outlines implements ReadOpml {
  readonly feeds: ListedFeed[] = []
  readonly problems: ProblemRecord[] = []
  count = 0
  readonly #text: string
  readonly #place: string
  readonly #references: References
  #depth = 0
  #pending: Pending | null = null
  /** Where lines were counted last. */
  #at = { index: 0, line: 1 }

  constructor(text: string, place: string) {
    this.#text = text
    this.#place = place
    this.#references = new References(text)
  }

  open(tag: string, written: Record<string, string>, index: number): void {
    if (++this.#depth > DEEPEST) throw STOP
    if (!/^(?:[\w-]{1,40}:)?outline$/i.test(tag)) return
    if (++this.count > MOST_OUTLINES) throw STOP
    this.#pending = null
    const attributes = this.#decoded(written)
    const line = this.#lineAt(index)
    const found = feedOf(attributes, line, `${this.#place}:${line}`)
    if (found === null) return
    if (!(found instanceof Problem)) this.feeds.push(found)
    else if (attributes.has('xmlurl')) this.problems.push(found.toJSON())
    else this.#pending = { problem: found, depth: this.#depth }
  }

  close(): void {
    if (this.#pending?.depth === this.#depth) {
      this.problems.push(this.#pending.problem.toJSON())
      this.#pending = null
    }
    this.#depth--
  }

  tell(code: string, severity: Severity, message: string, mend: string): void {
    this.problems.push(new Problem(code, message, { where: this.#place, severity, mend }).toJSON())
  }

  /** By their names in small letters. */
  #decoded(written: Record<string, string>): ReadonlyMap<string, string> {
    const attributes = new Map<string, string>()
    for (const [name, value] of Object.entries(written)) {
      attributes.set(name.toLowerCase(), this.#references.decode(value))
    }
    return attributes
  }

  #lineAt(index: number): number {
    let { line } = this.#at
    for (let next = this.#text.indexOf('\n', this.#at.index); next >= 0 && next < index;) {
      line++
      next = this.#text.indexOf('\n', next + 1)
    }
    this.#at = { index: Math.max(index, this.#at.index), line }
    return line
  }
}
