import { createHash } from 'node:crypto'
import { keyText } from './identity.ts'

/** By what entries are brought together, each kind with the folder of its documents. */
export const COLLECTION_FOLDERS = {
  tag: 'tags',
  category: 'categories',
  author: 'authors',
  source: 'sources',
} as const

export type CollectionKind = keyof typeof COLLECTION_FOLDERS

/** Entries that share a tag, a category, an author or a source; they have feeds and a page of their own. */
export interface Collection {
  kind: CollectionKind
  /** As the first entry of it wrote it. */
  name: string
  /** The last part of its folder, and of its address before it is percent-encoded. */
  slug: string
}

/** The folder of its documents in the publish directory, such as `tags/tides/`. */
export function collectionFolder({ kind, slug }: Pick<Collection, 'kind' | 'slug'>): string {
  return `${COLLECTION_FOLDERS[kind]}/${slug}/`
}

/** What two spellings of one name have in common. */
export function collectionKey(name: string): string {
  return keyText(name.normalize('NFC').toLowerCase().normalize('NFC'))
}

/** Bytes of UTF-8: with a suffix, it stays below the 255 that a file name may have. */
const LONGEST = 100
/** Windows keeps these for devices, whatever their ending. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)$/

/**
 * A folder name for a key: letters and digits of every script, all else `-`.
 * @param isTaken tells whether another collection has it
 */
export function collectionSlug(key: string, isTaken: (slug: string) => boolean): string {
  const plain = cut(key.replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')).replace(/^-|-$/g, '')
  if (plain !== '' && !DEVICE.test(plain) && !isTaken(plain)) return plain
  const digits = createHash('sha256').update(key).digest('hex')
  return [plain, digits.slice(0, 8)].filter((part) => part !== '').join('-')
}

/** Cut between two characters, so that the name stays one. */
function cut(text: string): string {
  let bytes = 0
  let end = 0
  for (const { segment } of new Intl.Segmenter('en').segment(text.slice(0, LONGEST))) {
    bytes += Buffer.byteLength(segment)
    if (bytes > LONGEST) break
    end += segment.length
  }
  return text.slice(0, end)
}
