import type { LetterTemplates } from './letter-contract.ts'
import { type DigestEntry, type Letter, type LetterInput, renderLetter } from './letter.ts'

/** UTF-8 bytes that the HTML of a letter stays under: Gmail cuts a longer one at 102 KB, and its footer with it. */
export const LETTER_LIMIT = 100_000
/** For what replaces the tokens of a reader: an address and links, each a few times. */
const READER_BYTES = 3_000

/** An entry, and its place in the order of publication. */
export type NumberedEntry = DigestEntry & { number: number }

/** A letter, with the entries that it shows and how many more it announces. */
export interface FittedLetter<E> {
  letter: Letter
  entries: E[]
  more: number
}

/**
 * The letter with as many entries as fit; those with the lowest numbers stay out and are counted as "more". One entry
 * always stays, at the worst without its snippet.
 * @param entries in the order in which they are shown
 * @throws {Problem} `template-render`
 */
export function fitLetter<E extends NumberedEntry>(
  templates: LetterTemplates,
  input: LetterInput,
  entries: readonly E[],
): FittedLetter<E> {
  const render = (kept: E[]): FittedLetter<E> => {
    const more = input.digest.more + entries.length - kept.length
    const letter = renderLetter(templates, { ...input, digest: { ...input.digest, entries: kept, more } })
    return { letter, entries: kept, more }
  }
  const all = render([...entries])
  if (fits(all.letter) || entries.length === 0) return all
  const numbers = entries.map(({ number }) => number).sort((a, b) => b - a)
  const newest = (count: number): E[] => entries.filter(({ number }) => number >= (numbers[count - 1] ?? Infinity))
  let [most, tooMany] = [0, entries.length]
  while (tooMany - most > 1) {
    const count = Math.floor((most + tooMany) / 2)
    if (fits(render(newest(count)).letter)) most = count
    else tooMany = count
  }
  return most > 0 ? render(newest(most)) : render(newest(1).map((entry) => ({ ...entry, snippet: '' })))
}

function fits({ html }: Letter): boolean {
  return Buffer.byteLength(html) <= LETTER_LIMIT - READER_BYTES
}
