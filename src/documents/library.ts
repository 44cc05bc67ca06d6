import type { Config } from '../config.ts'
import type { WholeEntry } from '../entry.ts'
import type { EntryImage, Item } from '../feeds/item.ts'
import { itemOf } from '../feeds/item.ts'
import { type ImageFile, imageFile } from '../gather/image-file.ts'
import type { ArticleImage } from '../markdown/article-images.ts'
import { renderArticle } from '../markdown/html.ts'

/** UTF-16 code units of content that are kept, for entries that stand in several documents. */
const KEPT = 16 * 1024 * 1024

/** Articles as the feeds show them; each is rendered once as long as there is room. */
export class Library {
  readonly #config: Pick<Config, 'dir' | 'site' | 'publish' | 'feeds' | 'sources'>
  readonly #items = new Map<number, Item>()
  #room = KEPT

  constructor(config: Pick<Config, 'dir' | 'site' | 'publish' | 'feeds' | 'sources'>) {
    this.#config = config
  }

  itemsOf(entries: readonly WholeEntry[]): Item[] {
    return entries.map((entry) => this.#items.get(entry.id) ?? this.#keep(entry))
  }

  #keep(entry: WholeEntry): Item {
    const item = this.#read(entry)
    this.#items.set(entry.id, item)
    this.#room -= sizeOf(item)
    for (const [id, oldest] of this.#items) {
      if (this.#room >= 0 || id === entry.id) break
      this.#items.delete(id)
      this.#room += sizeOf(oldest)
    }
    return item
  }

  #read(entry: WholeEntry): Item {
    const { site, publish, feeds } = this.#config
    const isWhole = feeds.content === 'full' && entry.body.format === 'markdown'
    const article = isWhole ? renderArticle(entry.body, entry.link) : null
    const image = this.#imageOf(entry, article?.image ?? null)
    return itemOf({ site, publishUrl: publish.url }, { ...entry, contentHtml: article?.html ?? null, image })
  }

  #imageOf(entry: WholeEntry, first: ArticleImage | null): EntryImage | null {
    const image = entry.image === null ? first : { url: entry.image, source: null, alt: '' }
    if (image === null) return null
    const { url, alt } = image
    const file = this.#fileOf(entry, image)
    return { url, alt, type: file?.type ?? typeByEnding(url), length: file?.length ?? null }
  }

  /** An article of the owner's disk has its pictures there. */
  #fileOf(entry: WholeEntry, image: { url: string; source: string | null }): ImageFile | null {
    const { sources, dir: base } = this.#config
    const source = sources.find(({ name }) => name === entry.source)
    if (source?.kind !== 'markdown' || entry.key === null) return null
    return imageFile({ dir: source.dir, base, key: entry.key, link: entry.link }, image)
  }
}

function sizeOf({ contentHtml, snippet }: Item): number {
  return (contentHtml?.length ?? 0) + snippet.length + 500
}

const TYPES = new Map([
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['gif', 'image/gif'],
  ['webp', 'image/webp'],
  ['avif', 'image/avif'],
  ['svg', 'image/svg+xml'],
])

/** What the ending of its address says of a picture that is not at hand. */
function typeByEnding(url: string): string | null {
  const ending = /\.([a-z]+)$/i.exec(new URL(url).pathname)?.[1] ?? ''
  return TYPES.get(ending.toLowerCase()) ?? null
}
