export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'iso-8859-1', 'windows-1252', 'iso-8859-15', 'us-ascii'] as const

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
    case 'windows-1252':
      return Buffer.concat(Array.from(text, (character) => byteOf(character, encoding)))
  }
}

function byteOf(character: string, encoding: Encoding): Buffer {
  const decoder = new TextDecoder(encoding)
  const byte = Array.from({ length: 256 }, (_, value) => value).find((value) => {
    return (value < 0x80 || value >= 0xa0 || encoding === 'windows-1252') && decoder.decode(Buffer.of(value)) === character
  })
  return byte === undefined ? Buffer.from(reference(character)) : Buffer.of(byte)
}

function reference(character: string): string {
  return `&#${character.codePointAt(0) ?? 0};`
}
