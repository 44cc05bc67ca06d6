import type { EntryImage, Item } from '../feeds/item.ts'
import { itemOf } from '../feeds/item.ts'
import { type ImageFile, imageFile } from '../gather/image-file.ts'
import type { ArticleImage } from '../markdown/article-images.ts'
import { renderArticle } from '../markdown/html.ts'
import { typeByEnding } from '../media-type.ts'
import { type StandingEntry, wholeEntries } from '../remember/entries.ts'
import type { World } from '../world.ts'

/** UTF-16 code units of content that are kept, for entries that stand in several documents. */
const KEPT = 16 * 1024 * 1024

/** An article as it is shown: its body as HTML, and its first picture. */
type Article = ReturnType<typeof renderArticle>

/** Articles as the feeds show them; each is rendered once as long as there is room. */
export class Library {
  readonly #store: World['store']
  readonly #config: World['config']
  readonly #items = new Map<number, Item>()
  #room = KEPT

  constructor({ store, config }: Pick<World, 'store' | 'config'>) {
    this.#store = store
    this.#config = config
  }

  /** In the same order. Only the articles of those that are shown in full, and not kept, are read. */
  async itemsOf(entries: readonly StandingEntry[]): Promise<Item[]> {
    const kept = entries.map((entry) => this.#items.get(entry.id))
    const articles = await this.#articlesOf(entries.filter((_, index) => kept[index] === undefined))
    return entries.map((entry, index) => kept[index] ?? this.#made(entry, articles.get(entry.id) ?? null))
  }

  async #articlesOf(entries: readonly StandingEntry[]): Promise<Map<number, Article>> {
    if (this.#config.feeds.content !== 'full') return new Map()
    const shown = entries.filter(({ format }) => format !== 'text')
    const whole = await wholeEntries(this.#store, shown)
    return new Map(whole.map(({ id, body, link }) => [id, renderArticle(body, link)]))
  }

  #made(entry: StandingEntry, article: Article | null): Item {
    const { site, publish } = this.#config
    const image = this.#imageOf(entry, article?.image ?? null)
    const item = itemOf({ site, publishUrl: publish.url }, { ...entry, contentHtml: article?.html ?? null, image })
    // Without an article it is made again sooner than kept.
    if (article !== null) this.#keep(entry.id, item)
    return item
  }

  #keep(entryId: number, item: Item): void {
    this.#items.set(entryId, item)
    this.#room -= sizeOf(item)
    for (const [id, oldest] of this.#items) {
      if (this.#room >= 0 || id === entryId) break
      this.#items.delete(id)
      this.#room += sizeOf(oldest)
    }
  }

  #imageOf(entry: StandingEntry, first: ArticleImage | null): EntryImage | null {
    const image = entry.image === null ? first : { url: entry.image, source: null, alt: '' }
    if (image === null) return null
    const { url, alt } = image
    const file = this.#fileOf(entry, image)
    return { url, alt, type: file?.type ?? typeByEnding(url), length: file?.length ?? null }
  }

  /** An article of the owner's disk has its pictures there. */
  #fileOf(entry: StandingEntry, image: { url: string; source: string | null }): ImageFile | null {
    const { sources, dir: base } = this.#config
    const source = sources.find(({ name }) => name === entry.source)
    if (source?.kind !== 'markdown' || entry.key === null) return null
    return imageFile({ dir: source.dir, base, key: entry.key, link: entry.link }, image)
  }
}

function sizeOf({ contentHtml, snippet }: Item): number {
  return (contentHtml?.length ?? 0) + snippet.length + 500
}
