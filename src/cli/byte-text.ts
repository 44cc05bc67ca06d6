const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB']

/** A size for a person, in powers of a thousand: `940 bytes`, `1.2 MB`. */
export function byteText(bytes: number): string {
  const step = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)))
  const amount = bytes / 1000 ** step
  return `${step === 0 ? amount : amount.toFixed(1)} ${UNITS[step] ?? ''}`
}
