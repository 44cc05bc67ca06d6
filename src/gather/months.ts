/**
 * Beginnings of the names of months in English, German, French, Spanish, Italian, Portuguese, Dutch, Russian, Polish,
 * Czech and Turkish.
 */
const MONTHS: readonly RegExp[] = [
  /^(?:jan|jän|gen|ene|янв|stycz|led(?:en|na)$|ocak$)/,
  /^(?:feb|fév|fev|фев|lut(?:y|ego)$|úno|şubat$)/,
  /^(?:mar|mär|maa|mrt|mrz|мар|břez)/,
  /^(?:apr|avr|abr|апр|kwie|dub(?:en|na)$|nisan$)/,
  /^(?:may$|mai$|mei$|mag|maio|mayo|май|мая|maja?$|květ|mayıs$)/,
  /^(?:jun|juin|giu|июн|czerw|červ(?:en|na)$|haziran$)/,
  /^(?:jul|juil|lug|июл|lip(?:iec|ca)$|červen(?:ec|ce)$|temmuz$)/,
  /^(?:aug|aoû|aou|ago|авг|sierp|srp(?:en|na)$|ağustos$)/,
  /^(?:sep|set|сен|wrze[sś]|zář|eylül$)/,
  /^(?:oct|okt|ott|out|окт|paź|říj|ekim$)/,
  /^(?:nov|ноя|listopad[au]?$|kasım$)/,
  /^(?:dec|déc|dez|dic|дек|grud|prosin|aralık$)/,
]

/** The month, from 1, that a name in lower case means; null when it is none. */
export function monthOf(name: string): number | null {
  const index = MONTHS.findIndex((month) => month.test(name))
  return index < 0 ? null : index + 1
}
