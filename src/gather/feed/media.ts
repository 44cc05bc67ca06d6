import { absolute } from './address.ts'
import { type Element, attribute, childrenOf } from './element.ts'
import type { Enclosure } from './written.ts'

/** What Media RSS (`media:content`, `media:thumbnail`) says of an item. */
export function mediaOf(item: Element, base: string): { enclosures: Enclosure[]; image: string | null } {
  const groups = [item, ...childrenOf(item, 'group', 'media')]
  const contents = groups.flatMap((group) => childrenOf(group, 'content', 'media'))
  const thumbnails = [...groups, ...contents].flatMap((group) => childrenOf(group, 'thumbnail', 'media'))
  const pictures = [...thumbnails, ...contents.filter(isPicture)]
  const enclosures = contents.flatMap((content) => enclosureOf(content, ['url', 'type', 'filesize'], base))
  return { enclosures, image: firstAddress(pictures, 'url', base) }
}

function isPicture(content: Element): boolean {
  return attribute(content, 'medium') === 'image' || /^image\//i.test(attribute(content, 'type') ?? '')
}

/** The picture of an item besides Media RSS: `itunes:image`, or an `image` as some programs add it. */
export function imageOf(item: Element, base: string): string | null {
  const [image] = childrenOf(item, 'image')
  const written = image === undefined ? null : (childrenOf(image, 'url')[0]?.text ?? image.text)
  return firstAddress(childrenOf(item, 'image', 'itunes'), 'href', base) ?? absolute(written, base)
}

function firstAddress(elements: readonly Element[], name: string, base: string): string | null {
  for (const element of elements) {
    const url = absolute(attribute(element, name), element.base ?? base)
    if (url !== null) return url
  }
  return null
}

/** An enclosure by the names of its attributes for address, media type and length; none without an address. */
export function enclosureOf(
  element: Element,
  [address, type, length]: readonly [string, string, string],
  base: string,
): Enclosure[] {
  const url = absolute(attribute(element, address), element.base ?? base)
  if (url === null) return []
  const written = attribute(element, type)?.toLowerCase() ?? null
  return [{ url, type: written, length: bytesOf(attribute(element, length)) }]
}

/** A length in bytes as it is written; null when it says none. */
export function bytesOf(written: string | null): number | null {
  return written !== null && /^\d{1,15}$/.test(written) && Number(written) > 0 ? Number(written) : null
}
