import type { Instant } from '../entry.ts'
import type { ExplainedDocument, ExplainedEntry } from '../gather/remote/explain.ts'
import { oneLine, problemLine } from '../problem.ts'
import { byteText } from './byte-text.ts'
import { countText } from './count-text.ts'
import { dateText } from './explain-date.ts'
import type { Told } from './explain-told.ts'
import { pasteLines } from './source-paste.ts'
import { standingLines } from './source-standing.ts'

const MOST_ENTRIES = 5
const MOST_FEEDS = 5

const HOW = {
  selectors: 'by the selectors of the settings',
  'h-feed': 'by its microformats (h-feed)',
  'json-ld': 'by its JSON-LD of schema.org',
  article: 'by its elements <article>',
  repeated: 'by what repeats itself on it',
}

/** The explanation of a page or feed for a person; what others wrote cannot steer the terminal. */
export function explanationLines(told: Told, zone: string, now: Instant): string[] {
  const { document, problems } = told
  return [
    ...headLines(told),
    ...sourceLines(told, zone, now),
    ...(document === null ? [] : [...feedLines(document), ...entryLines(document, zone)]),
    ...problems.map((problem) => `${problem.severity}: ${problemLine(problem)}`),
    ...toPaste(told),
  ].map(oneLine)
}

function headLines({ asked, found, guessedBase, document, standing }: Told): string[] {
  if (document === null) return [asked]
  const { size, encoding } = document
  const bytes = `${byteText(size)}${encoding === null ? '' : ` in ${encoding}`}`
  const elsewhere = found?.movedTo ?? null
  return [
    `${asked} is ${kindText(document)}, ${bytes}`,
    ...(elsewhere === null || elsewhere === standing?.fetch?.movedTo ? [] : [`  moved for good to ${elsewhere}`]),
    ...(found === null || found.at === asked || found.at === elsewhere ? [] : [`  found at ${found.at}`]),
    ...(document.kind === 'feed' && document.home !== null ? [`  of the page ${document.home}`] : []),
    ...(guessedBase === null
      ? []
      : [`  its links are read as of ${guessedBase}; another address is to be named by "base:"`]),
  ]
}

function kindText(document: ExplainedDocument): string {
  if (document.kind === 'page') return 'a page'
  if (document.problems.some(({ severity }) => severity === 'error')) return 'no feed and no page'
  return document.title === '' ? 'a feed without title' : `a feed, "${document.title}"`
}

function sourceLines({ source, standing }: Told, zone: string, now: Instant): string[] {
  if (source === null) return []
  const lines = standing === null ? ['never read yet'] : standingLines(source, standing, zone, now)
  return [`  the source "${source.name}" of the settings`, ...lines.map((line) => `    ${line}`)]
}

function feedLines(document: ExplainedDocument): string[] {
  if (document.kind === 'feed' || document.feeds.length === 0) return []
  const { feeds } = document
  const more = feeds.length > MOST_FEEDS ? [`  and ${feeds.length - MOST_FEEDS} more`] : []
  return [
    feeds.length === 1
      ? 'It names a feed; follow that instead:'
      : `It names ${feeds.length} feeds; follow one instead:`,
    ...feeds.slice(0, MOST_FEEDS).map(({ url, title }) => `  ${url}  ${title}`.trimEnd()),
    ...more,
  ]
}

function entryLines(document: ExplainedDocument, zone: string): string[] {
  const { entries } = document
  if (document.problems.some(({ severity }) => severity === 'error')) return []
  const how = document.kind === 'page' && document.how !== null ? `, found ${HOW[document.how]}` : ''
  const first = entries.length > MOST_ENTRIES ? `; the first ${MOST_ENTRIES}` : ''
  const older = document.kind === 'page' && document.older !== null ? [`Older ones are at ${document.older}`] : []
  return [
    entries.length === 0
      ? 'It holds no entries yet'
      : `${countText(entries.length, 'entry', 'entries')}${how}${first}:`,
    ...entries
      .slice(0, MOST_ENTRIES)
      .flatMap((entry) => [
        `  ${entry.date === null ? 'no date' : dateText(entry.date, zone)}  ${entry.title}`,
        ...[entry.link ?? 'no link', ...(document.kind === 'feed' ? [identityText(entry)] : []), entry.snippet]
          .filter((line) => line !== '' && line !== entry.title)
          .map((line) => `    ${line}`),
      ]),
    ...older,
  ]
}

function identityText({ goesBy, id }: ExplainedEntry): string {
  switch (goesBy) {
    case 'guid':
      return `known again by its guid ${id}`
    case 'link':
      return 'known again by its link'
    case 'content':
      return 'known again by its title and date, as it has no guid and no link of its own'
  }
}

function toPaste({ paste, source: own }: Told): string[] {
  const first = own === null ? 'To follow it, put this below "sources:" in the settings:' : 'Written so, it is read:'
  const lines = paste.map((source) => ['', ...pasteLines(source)])
  return lines.flatMap((some, index) => ['', index === 0 ? first : 'Or, for the page itself:', ...some])
}
