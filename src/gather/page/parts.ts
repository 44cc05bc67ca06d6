import type { CheerioAPI } from 'cheerio/slim'
import type { WrittenDate } from '../../entry.ts'
import { absolute } from '../feed/address.ts'
import { itemDate } from '../feed/item-date.ts'
import { readDateLine } from '../listing-date.ts'
import type { PageElement, Selected } from './page-dom.ts'
import { textOf } from './text-of.ts'

/** An entry of a page. Every text is one line of plain text. */
export interface PageEntry {
  title: string
  /** Absolute, http or https. */
  link: string
  date: WrittenDate | null
  /** Empty when there is none. */
  snippet: string
  /** Absolute address of a picture. */
  image: string | null
}

/** Where an entry of a page has its parts. */
export interface EntryParts {
  title: Selected
  link: Selected
  date: Selected
  snippet: Selected
  image: Selected
}

/** Reads the parts of an entry; null without a link or a title. */
export function entryOf($: CheerioAPI, parts: EntryParts, base: string): PageEntry | null {
  const link = absolute(addressOf(parts.link), base)
  const title = textOf(parts.title.first()) || textOf(parts.link.first())
  if (link === null || title === '') return null
  const snippet = textOf(parts.snippet.slice(0, 5))
  return {
    title,
    link,
    date: dateOf($, parts.date),
    snippet: snippet === title ? '' : snippet,
    image: imageOf(parts.image, base),
  }
}

/** The address of a link, of one within, or of the one around. */
function addressOf(element: Selected): string | null {
  const first = element.first()
  const [within, around] = [first.find('a[href]').first(), first.closest('a[href]')]
  return first.attr('href') ?? first.attr('data-href') ?? within.attr('href') ?? around.attr('href') ?? null
}

/** The first of these that is a date: by `datetime`, `content` or `title`, or by its text. */
function dateOf($: CheerioAPI, elements: Selected): WrittenDate | null {
  for (const node of elements.slice(0, 10).toArray()) {
    const element = $(node)
    const written = [element.attr('datetime'), element.attr('content'), textOf(element), element.attr('title')]
    for (const text of written) {
      const date = text === undefined ? null : dateIn(text)
      if (date !== null) return date
    }
  }
  return null
}

/** A date that is a whole text, or beside a category, or behind a word such as `Posted on`. */
export function dateIn(text: string): WrittenDate | null {
  const short = text.trim()
  if (short.length < 6 || short.length > 60 || !/\d/.test(short)) return null
  return (
    itemDate(short.replace(/^\p{L}+(?: (?:on|at|am))?:? (?=\p{L}*\.? ?\d)/u, '')) ??
    itemDate(short) ??
    readDateLine(short)?.date ??
    null
  )
}

function imageOf(elements: Selected, base: string): string | null {
  const [node] = elements.toArray()
  if (node === undefined) return null
  const written = attributeOf(node, ['src', 'data-src', 'data-original', 'content', 'href'])
  return absolute(
    written !== null && !written.startsWith('data:') ? written : attributeOf(node, ['data-src', 'data-original']),
    base,
  )
}

function attributeOf({ attribs }: PageElement, names: readonly string[]): string | null {
  for (const name of names) {
    const value = attribs[name]?.trim() ?? ''
    if (value !== '') return value
  }
  return null
}
