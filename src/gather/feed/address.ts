/** Longer ones no browser opens. */
const LONGEST = 4096

/** An address as an absolute one of http or https, resolved against `base`; null when it is none. */
export function absolute(written: string | null, base: string): string | null {
  const text = written?.trim() ?? ''
  if (text === '' || text.length > LONGEST || !URL.canParse(text, base)) return null
  const url = new URL(text, base)
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null
}
