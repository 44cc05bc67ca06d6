/** A page or feed of others. */
export type RemoteSource = PageSource | { kind: 'feed'; name: string; at: DocumentPlace }

/** An HTML page that lists articles. */
export interface PageSource {
  kind: 'page'
  name: string
  at: DocumentPlace
  /** Null: they are found without. */
  select: PageSelectors | null
  /** How many pages are read of a listing of several. */
  pages: number
}

/** Where a page or feed is. */
export type DocumentPlace =
  | { kind: 'url'; url: string }
  /** `path` is absolute; links in it are relative to `base`. */
  | { kind: 'file'; path: string; base: string }

/** CSS selectors of the entries of a page; all but `entry` are relative to it. */
export interface PageSelectors {
  entry: string
  title: string
  link: string
  date?: string | null | undefined
  snippet?: string | null | undefined
  image?: string | null | undefined
}
