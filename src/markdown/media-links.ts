const MEDIA = /<(audio|video)\b([^>]*)>(.*?)<\/\1>/gs
const ADDRESS = /\ssrc="([^"]+)"/
const SOURCE = /<source\b[^>]*\ssrc="([^"]+)"/

/**
 * Adds a plain link behind each sound and film: a reader may show them without controls, since the validator of the W3C
 * warns of that attribute, or not at all. One without an address is left out.
 * @param html sanitised
 */
export function withMediaLinks(html: string): string {
  return html.replace(MEDIA, (media: string, _: string, attributes: string, content: string) => {
    const address = ADDRESS.exec(attributes)?.[1] ?? SOURCE.exec(content)?.[1]
    return address === undefined ? '' : `${media} <a href="${address}">${address}</a>`
  })
}
