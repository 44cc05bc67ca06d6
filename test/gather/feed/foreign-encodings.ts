export const ENCODINGS = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'iso-8859-1',
  'windows-1252',
  'iso-8859-15',
  'us-ascii',
] as const

/** In what a feed is written and says that it is. */
export type Encoding = (typeof ENCODINGS)[number]

/** A text in an encoding; what it has not is a reference to a character. */
export function inBytes(text: string, encoding: Encoding): Buffer {
  switch (encoding) {
    case 'utf-8':
      return Buffer.from(text)
    case 'utf-16le':
      return Buffer.from(`\uFEFF${text}`, 'utf16le')
    case 'utf-16be':
      return Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()
    case 'us-ascii':
      return Buffer.from(text.replace(/[^\0-\x7f]/gu, reference), 'latin1')
    case 'iso-8859-1':
    case 'iso-8859-15':
    case 'windows-1252': {
      const bytes = bytesOf(encoding)
      return Buffer.concat(Array.from(text, (character) => byteOf(character, bytes)))
    }
  }
}

function byteOf(character: string, bytes: ReadonlyMap<string, number>): Buffer {
  const byte = bytes.get(character)
  return byte === undefined ? Buffer.from(reference(character)) : Buffer.of(byte)
}

/** ISO 8859 has controls where windows-1252 has quotes and dashes. */
function bytesOf(encoding: Encoding): ReadonlyMap<string, number> {
  const decoder = new TextDecoder(encoding)
  const known = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => {
    return byte < 0x80 || byte >= 0xa0 || encoding === 'windows-1252'
  })
  return new Map(known.map((byte) => [decoder.decode(Buffer.of(byte)), byte]))
}

function reference(character: string): string {
  return `&#${character.codePointAt(0) ?? 0};`
}
