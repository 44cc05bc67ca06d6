import { isUtf8 } from 'node:buffer'
import { decodeHTML } from 'entities/decode'
import { readUtf16, recognise } from '../encoding.ts'

/** A document of somebody else as text. */
export interface DecodedFeed {
  /** Without byte order mark and without what no XML may hold, every line ended by `\n`. */
  text: string
  /** What was wrong with its encoding, or null. */
  fault: string | null
}

const PARAMETER = /;\s*charset\s*=\s*["']?([\w.:-]{1,40})/i
const DECLARATION = /^[^<]{0,200}<\?xml\b[^>]{0,200}?\bencoding\s*=\s*["']([\w.:-]{1,40})["']/
const META = /<meta\b[^>]{0,200}?\bcharset\s*=\s*["']?([\w.:-]{1,40})/i
/** As many characters that only happen to look like UTF-8 does no text hold. */
const SURELY_UTF8 = 8
/** XML 1.0, section 2.2; the C1 controls it discourages stand for nothing. */
const FORBIDDEN = /(?![\t\n])[\p{Cc}\p{Surrogate}\uFFFE\uFFFF]/gu

/**
 * Decodes a feed or a page: by its byte order mark, else as UTF-8 where the bytes are that, else by the charset of the
 * header (RFC 7303, section 3), of the XML declaration or of a `meta`, else as the bytes look like. Whoever declares
 * another encoding than the bytes have is not believed.
 * @param contentType header of the reply, or null
 */
export function decodeFeed(body: Buffer, contentType: string | null): DecodedFeed {
  const { text, fault } = textOf(body, contentType)
  const lines = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n')
  return { text: lines.replace(FORBIDDEN, ''), fault }
}

function textOf(body: Buffer, contentType: string | null): DecodedFeed {
  const wide = readUtf16(body)
  if (wide !== null) return { text: wide.text, fault: null }
  const declared = declaredIn(body, contentType)
  if (isUtf8(body) && isMeantAsUtf8(body, declared)) return { text: body.toString('utf8'), fault: null }
  for (const label of declared) {
    const text = strictly(label, body)
    if (text !== null) return { text, fault: null }
  }
  const likely = recognise(body)
  const names = declared.length === 0 ? 'UTF-8' : declared.join(' or ')
  if (likely !== null) return { text: likely.text, fault: `It is not in ${names} and was read as ${likely.name}` }
  if (isUtf8(body)) return { text: body.toString('utf8'), fault: `It is not in ${names} and was read as UTF-8` }
  const label = declared.find(isKnown) ?? 'utf-8'
  return { text: new TextDecoder(label).decode(body), fault: `Some bytes are not in ${label} and were replaced` }
}

/** Labels in the order in which they count. */
function declaredIn(body: Buffer, contentType: string | null): string[] {
  const head = body.toString('latin1', 0, 1024)
  const found = [PARAMETER.exec(contentType ?? ''), DECLARATION.exec(head), META.exec(head)]
  const labels = found.flatMap((match) => (match?.[1] === undefined ? [] : [match[1].toLowerCase()]))
  // What can be read byte by byte is not in UTF-16, whatever it says.
  return [...new Set(labels)].filter((label) => !label.startsWith('utf-16') && !label.startsWith('utf16'))
}

/** A short text in an encoding of Asia can have the form of UTF-8, and ISO-2022-JP is made of ASCII. */
function isMeantAsUtf8(body: Buffer, declared: readonly string[]): boolean {
  const [first] = declared
  if (first === undefined || /^(?:utf-?8|us-ascii|ascii)$/.test(first)) return true
  let sequences = 0
  for (const byte of body) if (byte >= 0xc2 && ++sequences >= SURELY_UTF8) return true
  return sequences > 0 && /^(?:iso-8859|windows-125|latin|cp125)/.test(first)
}

function isKnown(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== ''
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/** Null when a byte is none of this encoding, or the encoding is unknown. */
function strictly(label: string, body: Buffer): string | null {
  if (!isKnown(label)) return null
  const decoder = new TextDecoder(label, { fatal: true })
  if (decoder.encoding === 'windows-1252') return windows1252(body)
  try {
    return decoder.decode(body)
  } catch (error) {
    if (error instanceof TypeError) return null
    throw error
  }
}

/** Some versions of Node read the C1 range as Latin-1; HTML reads a reference to it as windows-1252. */
function windows1252(body: Buffer): string {
  return body.toString('latin1').replace(/[\x80-\x9f]/g, (control) => decodeHTML(`&#${control.charCodeAt(0)};`))
}
