const MEDIA = /<(audio|video)\b([^>]*)>(.*?)<\/\1>/gs
const SOURCE = /\ssrc="([^"]*)"/

/**
 * Adds a plain link behind each sound and film: a reader may show them without controls, since the validator of the W3C
 * warns of that attribute, or not at all. One without an address is left out.
 * @param html sanitised
 */
export function withMediaLinks(html: string): string {
  return html.replace(MEDIA, (media: string, _: string, attributes: string, content: string) => {
    const address = SOURCE.exec(attributes)?.[1] ?? SOURCE.exec(content)?.[1]
    return address === undefined ? '' : `${media} <a href="${address}">${address}</a>`
  })
}
