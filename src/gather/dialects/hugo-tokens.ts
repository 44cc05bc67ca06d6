import type { Linkable } from './dialect.ts'
import type { HugoContent, HugoPage } from './hugo-content.ts'
import { type Clock, MONTHS, WEEKDAYS, clockOf, dayOfYear, pad, weekdayOf, writtenClock } from './link-clock.ts'
import { nameDate } from './name-date.ts'
import { textAt } from './site-config.ts'

interface Around {
  slug: string | null
  spell: (path: string) => string
  content: HugoContent
  dateFields: readonly string[]
  zone: string
}

/** What the tokens of one of Hugo's permalinks stand for; null of an unknown one. */
export function hugoTokens(article: Linkable, page: HugoPage, around: Around): (token: string) => string | null {
  // Hugo takes what it made for a query, in which + is a space.
  const part = (text: string): string => around.spell(text).replaceAll('+', ' ')
  const { slug } = around
  // As it is written: `<em>` and `&amp;` leave their letters.
  const title = textAt(article.data, 'title') ?? article.title
  return (token) => {
    const figures = FIGURES.get(token)
    if (figures !== undefined) {
      const clock = clockOfPage(article, page, around)
      return clock === null ? null : figures(clock)
    }
    switch (token) {
      case 'title':
        return part(title)
      case 'slug':
        return part(slug ?? title)
      case 'filename':
      case 'contentbasename':
        return part(page.name)
      case 'slugorfilename':
      case 'slugorcontentbasename':
        return part(slug ?? page.name)
      case 'section':
        return page.folders[0] ?? ''
      default:
        return token.startsWith('sections') ? someOf(sectionsOf(page, around.content), token.slice(8)) : null
    }
  }
}

/** The figures as they are written, since Go keeps a date's own zone. */
function clockOfPage({ data, date }: Linkable, page: HugoPage, { dateFields, zone }: Around): Clock | null {
  if (date === null) return null
  for (const field of dateFields) {
    if (field === ':path' && nameDate(`${page.name}.md`).date !== null) break
    const written = writtenClock(data[field])
    if (written !== null) return written.clock
  }
  return clockOf(date, zone)
}

/** Folders up to the innermost that is a section: the first is one, a deeper one has a page of its own. */
function sectionsOf(page: HugoPage, content: HugoContent): string[] {
  const dirs = page.dir.split('/')
  const root = dirs.length - page.folders.length
  for (let depth = page.folders.length; depth > 1; depth -= 1) {
    if (content.isSection(dirs.slice(0, root + depth).join('/'))) return page.folders.slice(0, depth)
  }
  return page.folders.slice(0, 1)
}

/** `[1:]`, `[0]`, `[last]`, `[:last]` of a list, leniently. */
function someOf(items: readonly string[], cut: string): string | null {
  if (cut === '') return items.join('/')
  const match = /^\[(last|\d*)(:?)(last|\d*)\]$/i.exec(cut)
  if (match === null) return null
  const index = (text: string | undefined, fallback: number): number =>
    text === undefined || text === '' ? fallback : text === 'last' ? items.length - 1 : Number(text)
  const from = index(match[1], 0)
  const to = match[2] === '' ? from + 1 : index(match[3], items.length)
  return items.slice(Math.max(0, from), Math.max(0, to)).join('/')
}

const FIGURES = new Map<string, (clock: Clock) => string>([
  ['year', ({ year }) => String(year)],
  ['month', ({ month }) => pad(month)],
  ['monthname', ({ month }) => MONTHS[month - 1] ?? ''],
  ['day', ({ day }) => pad(day)],
  ['weekday', (clock) => String(weekdayOf(clock))],
  ['weekdayname', (clock) => WEEKDAYS[weekdayOf(clock)] ?? ''],
  ['yearday', (clock) => String(dayOfYear(clock))],
  // Go's layouts of dates, which are allowed as tokens, too.
  ['2006', ({ year }) => pad(year, 4)],
  ['06', ({ year }) => pad(year % 100)],
  ['01', ({ month }) => pad(month)],
  ['1', ({ month }) => String(month)],
  ['Jan', ({ month }) => (MONTHS[month - 1] ?? '').slice(0, 3)],
  ['January', ({ month }) => MONTHS[month - 1] ?? ''],
  ['02', ({ day }) => pad(day)],
  ['2', ({ day }) => String(day)],
  ['15', ({ hour }) => pad(hour)],
  ['04', ({ minute }) => pad(minute)],
  ['05', ({ second }) => pad(second)],
])
