import type { CollectionKind } from '../collection.ts'
import type { DigestEntry } from '../digest/letter.ts'
import { type Enclosure, isPicture } from '../enclosure.ts'
import type { Entry, Instant } from '../entry.ts'
import { foldText } from '../markdown/text.ts'
import type { PageContext } from './context.ts'
import { dayIn, secondIn } from './day.ts'
import { hrefFrom, pathFrom, webAddress } from './links.ts'

/** Tags of one entry that are shown; who has more of them says nothing with any. */
const MOST_TAGS = 20

/** Of the name of a file. */
const LONGEST_NAME = 80

/** What a template knows of an entry. @param home path of the page on which it stands for ever */
export function entryView(context: PageContext, entry: Entry, path: string, home: string): object {
  const { number, anchor } = entry
  return {
    ...{ number, anchor, permalink: pathFrom(path, `${home}#${anchor}`) },
    number_text: context.texts.say('entry_number', { number }),
    ...textsOf(context, entry, path),
    authors: named(context, 'author', entry.authors, path),
    files: entry.enclosures.flatMap(fileView),
    datetime: (entry.dateOnly ? dayIn : secondIn)(context.site.timezone, entry.date),
  }
}

/** What it knows of an entry as a digest told of it. */
export function digestEntryView(context: PageContext, entry: DigestEntry, path: string): object {
  return {
    ...{ number: null, number_text: null, anchor: null, permalink: null, authors: [], files: [] },
    ...textsOf(context, entry, path),
    datetime: dayIn(context.site.timezone, entry.date),
  }
}

/** An entry of which a list gives the title only. */
export interface EntryLine {
  title: string
  link: string
  date: Instant
}

/** One line of a list. */
export function lineView({ site, publishUrl, texts }: PageContext, entry: EntryLine, path: string): object {
  return {
    title: foldText(entry.title) || texts.say('untitled'),
    url: hrefFrom(path, publishUrl, entry.link),
    date: dayIn(site.timezone, entry.date),
  }
}

function textsOf(context: PageContext, entry: DigestEntry, path: string): object {
  const moreTags = Math.max(0, entry.tags.length - MOST_TAGS)
  return {
    ...lineView(context, entry, path),
    snippet: foldText(entry.snippet),
    categories: named(context, 'category', entry.categories, path),
    tags: named(context, 'tag', entry.tags.slice(0, MOST_TAGS), path),
    more_tags: moreTags,
    more_tags_text: context.texts.say('more_tags', { count: moreTags }),
  }
}

function named({ addressOf }: PageContext, kind: CollectionKind, names: readonly string[], path: string): object[] {
  return names.map((written) => {
    const name = foldText(written)
    const folder = addressOf(kind, name)
    return { name, url: folder === null ? null : pathFrom(path, `${folder}index.html`) }
  })
}

/** A file of the entry. Pictures, and what may be anything, go to the feeds only. */
function fileView({ url, type }: Enclosure): object[] {
  const address = webAddress(url)
  if (address === null || type === null || isPicture({ type })) return []
  return [{ name: fileName(new URL(address)), url: address, type }]
}

/** The name in its address, as a person reads it; without one the host. */
function fileName({ pathname, host }: URL): string {
  const name = pathname.slice(pathname.lastIndexOf('/') + 1)
  return foldText(decoded(name)).slice(0, LONGEST_NAME) || host
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch (error) {
    if (error instanceof URIError) return name
    throw error
  }
}
