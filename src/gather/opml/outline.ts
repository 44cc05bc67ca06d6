import { Problem } from '../../problem.ts'
import { absolute } from '../feed/address.ts'
import { titleText } from '../feed/title-text.ts'

/** A feed that a list names. */
export interface ListedFeed {
  /** One line of plain text; the host of the feed when the list says nothing. */
  title: string
  /** Absolute, http or https, without password and fragment. */
  url: string
  /** Where its outline begins. */
  line: number
}

/** In characters; a name that is longer is cut. */
const LONGEST_NAME = 120
/** What only a whole address can be resolved against. */
const NOWHERE = 'about:blank'

/**
 * The feed that an outline names; null for a folder or a note; a problem when it is said to be a feed and has no address
 * that can be asked: `opml-no-address`, `opml-password`.
 * @param attributes by their names in small letters
 */
export function feedOf(
  attributes: ReadonlyMap<string, string>,
  line: number,
  where: string,
): ListedFeed | Problem | null {
  const isFeed = /^\s*(?:rss|atom|feed)/i.test(attributes.get('type') ?? '')
  const written = attributes.get('xmlurl') ?? (isFeed ? (attributes.get('url') ?? '') : null)
  if (written === null) return null
  const title = nameIn(attributes)
  const url = addressIn(written)
  const called = title === '' ? 'The outline' : `"${title}"`
  if (url === null) {
    const mend = 'give it an xmlUrl that begins with https:// or http://, and import the list again'
    return new Problem('opml-no-address', `${called} has no web address`, { where, mend })
  }
  if (url.username !== '' || url.password !== '') {
    const mend = 'give it an xmlUrl without one, and import the list again'
    return new Problem('opml-password', `The address of ${called} holds a user name or password`, { where, mend })
  }
  url.hash = ''
  return { title: title === '' ? url.host : title, url: url.href, line }
}

/** What whoever made the list calls the feed is in `text`; what the feed calls itself, in `title`. */
function nameIn(attributes: ReadonlyMap<string, string>): string {
  const names = ['text', 'title'].map((name) =>
    titleText({ kind: 'either', text: attributes.get(name) ?? '', base: '' }),
  )
  const characters = Array.from(names.find((one) => one !== '') ?? '')
  if (characters.length <= LONGEST_NAME) return characters.join('')
  return `${characters
    .slice(0, LONGEST_NAME - 1)
    .join('')
    .trimEnd()}…`
}

/** `feed:` before an address is what old browsers handed to feed readers. */
function addressIn(written: string): URL | null {
  const text = written
    .trim()
    .replace(/^feed:(?:\/\/)?(?=https?:)/i, '')
    .replace(/^feed:\/\//i, 'http://')
  const address = absolute(text, NOWHERE)
  return address === null ? null : new URL(address)
}
