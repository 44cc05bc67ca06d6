/** A picture of an article, as its HTML has it. */
export interface ArticleImage {
  /** Absolute, http or https. */
  url: string
  /** Its address as it was written. */
  source: string
  alt: string
}

/** What a tag `img` says. */
export interface ImageTag extends ArticleImage {
  width: string
  height: string
}

/** Services whose pictures are states of a build, a version or a licence. */
const BADGE_HOST = /(?:^|\.)(?:shields\.io|badgen\.net|badge\.fury\.io|travis-ci\.(?:org|com))$/
const BADGE_PATH = /badge\.svg$/

/** The first picture that shows something: no badge, and none that only counts readers. */
export function firstImage(tags: readonly ImageTag[]): ArticleImage | null {
  const tag = tags.find((one) => !isTiny(one) && !isBadge(one.url))
  return tag === undefined ? null : { url: tag.url, source: tag.source, alt: tag.alt }
}

function isTiny({ width, height }: ImageTag): boolean {
  return [width, height].some((length) => /^\d+(?:px)?$/.test(length) && parseInt(length, 10) <= 2)
}

function isBadge(address: string): boolean {
  const { hostname, pathname } = new URL(address)
  return BADGE_HOST.test(hostname) || BADGE_PATH.test(pathname)
}
