/** What JSON leaves as it is and a terminal does not: C1 controls, line separators and bidi controls (UAX #9). */
const UNPRINTABLE = /[\x7f-\x9f\u2028\u2029\p{Bidi_Control}]/gu

/** A value as JSON text that cannot steer a terminal, whatever others wrote into it; to a program it is the same. */
export function jsonText(value: object): string {
  // Outside of strings JSON has none of these characters.
  return JSON.stringify(value, null, 2).replace(UNPRINTABLE, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}
