const TYPES: ReadonlyMap<string, string> = new Map([
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['gif', 'image/gif'],
  ['webp', 'image/webp'],
  ['avif', 'image/avif'],
  ['svg', 'image/svg+xml'],
  ['mp3', 'audio/mpeg'],
  ['m4a', 'audio/mp4'],
  ['m4b', 'audio/mp4'],
  ['aac', 'audio/aac'],
  ['ogg', 'audio/ogg'],
  ['oga', 'audio/ogg'],
  ['opus', 'audio/ogg'],
  ['flac', 'audio/flac'],
  ['wav', 'audio/wav'],
  ['mp4', 'video/mp4'],
  ['m4v', 'video/mp4'],
  ['mov', 'video/quicktime'],
  ['webm', 'video/webm'],
  ['ogv', 'video/ogg'],
  ['pdf', 'application/pdf'],
  ['epub', 'application/epub+zip'],
  ['zip', 'application/zip'],
])
/** What programs write of a file that they know nothing of. */
const UNTOLD = /^(?:application|binary)\/octet-stream$/

/** The media type that the ending of an address tells; null when it tells none. @param url absolute */
export function typeByEnding(url: string): string | null {
  const ending = /\.([a-z0-9]+)$/i.exec(new URL(url).pathname)?.[1] ?? ''
  return TYPES.get(ending.toLowerCase()) ?? null
}

/** The media type that somebody wrote, without its parameters; where it is none or says nothing, what the ending tells. */
export function mediaType(written: string | null, url: string): string | null {
  const type = /^[\w.+-]+\/[\w.+-]+(?=$|\s*;)/.exec(written?.trim().toLowerCase() ?? '')?.[0] ?? null
  return type === null || UNTOLD.test(type) ? (typeByEnding(url) ?? type) : type
}
