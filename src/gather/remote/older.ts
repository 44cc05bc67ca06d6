import type { Draft } from '../../entry.ts'
import { Problem, type ProblemRecord } from '../../problem.ts'
import type { PageSelectors, PageSource } from '../../remote-source.ts'
import type { ReadingRules } from '../article.ts'
import { get } from '../http/get.ts'
import { type Document, type ReadDocument, readDocument } from './document.ts'
import { LIMITS } from '../http/tools.ts'
import type { RemoteTools } from './reading-of.ts'

/** Bytes of older pages that are held at once. */
const MOST_HELD = 10_000_000

/**
 * Follows a listing to its older pages, as long as a page shows something new and up to the bound of the source.
 * @param isFirst true when nothing of the listing was read before: then all is new
 * @throws {Problem} `fetch-…` when a page cannot be had this time: nothing of the listing is remembered then, since the
 * next run would see nothing new on the first page and never get there
 */
export async function readOlder(
  source: PageSource,
  first: ReadDocument,
  isFirst: boolean,
  tools: RemoteTools,
): Promise<ReadDocument> {
  const byKey = new Map<string | null, Draft>()
  const problems: ProblemRecord[] = [...first.problems]
  const asked = new Set<string>()
  const { older: mostTime } = tools.http.limits ?? LIMITS
  let page = first
  let [size, time] = [0, 0]
  const timed = { ...tools, http: { ...tools.http, spent: (ms: number) => (time += ms) } }
  for (let count = 1; ; count++) {
    const keys = page.drafts.flatMap(({ key }) => key ?? [])
    const news = await tools.countNew(source.name, keys)
    for (const draft of page.drafts) if (!byKey.has(draft.key)) byKey.set(draft.key, draft)
    const { next } = page
    if (news === 0 || next === null || asked.has(next)) break
    if (count >= source.pages) {
      if (!isFirst && news === new Set(keys).size) problems.push(unreached(source))
      break
    }
    if (size > MOST_HELD || time >= mostTime) {
      problems.push(cut(source))
      break
    }
    asked.add(next)
    const older = await readNext(source, next, first.select, timed)
    if ('problem' in older) {
      problems.push(older.problem)
      break
    }
    page = older
    size += older.size
  }
  return { ...first, drafts: [...byKey.values()], next: null, problems }
}

/** An address that leads to no list of articles is the end. */
async function readNext(
  source: PageSource,
  url: string,
  select: PageSelectors | null,
  { http, rules }: RemoteTools,
): Promise<(ReadDocument & { size: number }) | { problem: ProblemRecord }> {
  const fetched = await get(url, null, { ...http, wanted: 'page' })
  if (fetched.kind === 'fresh') {
    try {
      return { ...readLike(source, fetched, select, rules), size: fetched.body.length }
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      return { problem: ended(source, url, error) }
    }
  }
  if (fetched.kind === 'unchanged') return { drafts: [], next: null, select, problems: [], size: 0 }
  const { problem } = fetched
  const isNotThere =
    fetched.kind === 'gone' || (problem.code === 'fetch-status' && / answers 4\d\d/.test(problem.message))
  if (isNotThere) return { problem: ended(source, url, problem) }
  const mend = `${problem.mend}; or write \`pages: 1\`, if its older pages do not matter`
  throw new Problem(problem.code, problem.message, { where: problem.where, severity: problem.severity, mend })
}

/** The last page may hold one article, which is no list unless one knows what to look for. */
function readLike(
  source: PageSource,
  document: Document,
  select: PageSelectors | null,
  rules: ReadingRules,
): ReadDocument {
  try {
    return readDocument(source, document, rules)
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'page-no-entries' || select === null) throw error
    return readDocument({ ...source, select }, document, rules)
  }
}

function unreached({ name, pages }: PageSource): ProblemRecord {
  const message = `The last of the ${pages} pages that are read holds nothing but news; there may be more behind it`
  const mend = 'write more `pages`, or run more often'
  return new Problem('page-older-unread', message, { where: name, severity: 'warning', mend }).toJSON()
}

function cut({ name }: PageSource): ProblemRecord {
  const message = 'Its older pages hold more than can be read at once, or come too slowly; the last were left out'
  const mend = 'write fewer `pages`'
  return new Problem('page-older-unread', message, { where: name, severity: 'warning', mend }).toJSON()
}

function ended({ name }: PageSource, url: string, { message }: Problem): ProblemRecord {
  const mend = 'nothing is to be done, if the page ends there; else write fewer `pages`'
  const text = `The older page ${url} was not read: ${message}`
  return new Problem('page-older-unread', text, { where: name, severity: 'warning', mend }).toJSON()
}
