import type { Topic } from '../preferences.ts'

/** Readers of one frequency and zone who want the same and had the same. */
export interface Audience {
  topics: readonly Topic[]
  /** Language of our texts. */
  language: string
  /** The highest number that was frozen for them. */
  had: number
  /** The day on their calendar, such as `2026-03-02`. */
  day: string
}

/** An entry that readers are to be told of. */
export interface Announced {
  id: number
  number: number
  /** What it is about, by every tag, category and source. */
  topics: ReadonlySet<Topic>
}

/** One digest, and all who get it. */
export interface Variant<A extends Audience> {
  /** Row ids of the entries that the digest shows, the newest by number. */
  ids: number[]
  /** How many further entries are theirs to read on the web. */
  more: number
  audiences: [A, ...A[]]
}

/**
 * Who is due what: a reader gets every announced entry of their topics whose number is above the highest that they
 * had. Readers with the same entries, language and day share one variant, so that it is built once; who has nothing
 * due gets nothing.
 * @param announced ascending by number
 * @param max how many entries a digest shows
 */
export function composeDigests<A extends Audience>(
  audiences: readonly A[],
  announced: readonly Announced[],
  max: number,
): Variant<A>[] {
  const variants = new Map<string, Variant<A>>()
  const wanted = new Map<string, Announced[]>()
  for (const audience of audiences) {
    const topics = audience.topics.join('\n')
    const theirs = wanted.get(topics) ?? ofTopics(announced, audience.topics)
    wanted.set(topics, theirs)
    const first = theirs.findIndex(({ number }) => number > audience.had)
    if (first === -1) continue
    const ids = theirs.slice(Math.max(first, theirs.length - max)).map(({ id }) => id)
    const more = theirs.length - first - ids.length
    const key = JSON.stringify([ids, more, audience.language, audience.day])
    const found = variants.get(key)
    if (found === undefined) variants.set(key, { ids, more, audiences: [audience] })
    else found.audiences.push(audience)
  }
  return [...variants.values()]
}

/** The entries of at least one of the topics; no topic stands for everything. */
function ofTopics(announced: readonly Announced[], topics: readonly Topic[]): Announced[] {
  return announced.filter((entry) => topics.length === 0 || topics.some((topic) => entry.topics.has(topic)))
}
