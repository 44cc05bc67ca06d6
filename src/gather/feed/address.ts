import { parseUrl } from '../../web-address.ts'

/** Longer ones no browser opens. */
const LONGEST = 4096

/** An address as an absolute one of http or https, resolved against `base`; null when it is none. */
export function absolute(written: string | null, base: string): string | null {
  const text = written?.trim() ?? ''
  const url = text === '' || text.length > LONGEST ? null : parseUrl(text, base)
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url.href : null
}
