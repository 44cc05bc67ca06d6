import { readUtf16 } from '../encoding.ts'
import type { Document } from './document.ts'

const LABEL = /\b(?:charset|encoding)\s{0,5}=\s{0,5}["']?([\w.:-]{1,40})/gi
/** What a text may lose when it is decoded. */
const UNSEEN = /[\p{Cc}\p{Surrogate}\uFEFF\uFFFE\uFFFF]/gu
/** Some versions of Node read these as controls. */
const UNSEEN_1252 = /[\p{Cc}\p{Surrogate}\uFEFF\uFFFE\uFFFF€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]/gu
/** What a document that declares nothing may be in. */
const LIKELY = ['windows-1252', 'gb18030', 'big5', 'shift_jis', 'euc-jp', 'euc-kr']

/** The name of the encoding in which a document was read; null when it is in none. */
export function encodingOf({ body, contentType }: Pick<Document, 'body' | 'contentType'>, text: string): string | null {
  const wide = readUtf16(body)
  if (wide !== null) return wide.name
  const head = `${contentType ?? ''} ${body.toString('latin1', 0, 1024)}`
  const declared = [...head.matchAll(LABEL)].map(([, label = '']) => label.toLowerCase())
  for (const label of new Set(['utf-8', ...declared, ...LIKELY])) {
    const decoder = decoderOf(label)
    if (decoder === null) continue
    const unseen = decoder.encoding === 'windows-1252' ? UNSEEN_1252 : UNSEEN
    const isSame = decoder.decode(body).replace(unseen, '') === text.replace(unseen, '')
    if (isSame) return NAMES.get(decoder.encoding) ?? decoder.encoding
  }
  return null
}

const NAMES = new Map([
  ['utf-8', 'UTF-8'],
  ['gb18030', 'GB18030'],
  ['gbk', 'GBK'],
  ['big5', 'Big5'],
  ['shift_jis', 'Shift_JIS'],
  ['euc-jp', 'EUC-JP'],
  ['euc-kr', 'EUC-KR'],
])

function decoderOf(label: string) {
  try {
    return new TextDecoder(label)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}
