import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type FittedLetter, LETTER_LIMIT, type NumberedEntry, fitLetter } from '../../src/digest/fit.ts'
import { type ReaderValues, fillReader, renderLetter } from '../../src/digest/letter.ts'
import { TEMPLATES, TIDES, TOKENS, inputWith } from './samples.ts'

/** An entry that its number names, with a snippet of so many bytes. */
function entry(number: number, bytes: number): NumberedEntry {
  return { ...TIDES, number, title: `Entry ${number}.`, snippet: 'x'.repeat(bytes) }
}

function fitted(entries: readonly NumberedEntry[], more = 0): FittedLetter<NumberedEntry> {
  return fitLetter(TEMPLATES, inputWith({}, { more }), entries)
}

const numbersOf = (entries: readonly NumberedEntry[]): number[] => entries.map(({ number }) => number)
const shownIn = (form: string): number[] =>
  [...form.matchAll(/Entry (\d+)\.<\/a>/g)].map(([, number]) => Number(number))

describe('fitLetter()', () => {
  for (const [says, entries, more] of [
    ['of no entry', [], 0],
    ['of one', [entry(1, 350)], 0],
    ['of twenty', Array.from({ length: 20 }, (_, n) => entry(n, 350)), 0],
    ['with more on the web', [entry(1, 350), entry(2, 350)], 7],
  ] as const)
    test(`drops nothing from a letter ${says} that fits`, () => {
      const whole = renderLetter(TEMPLATES, inputWith({}, { entries, more }))
      expect(fitted(entries, more)).toEqual({ letter: whole, entries, more })
    })

  test('drops the entries with the lowest numbers, wherever they stand, and counts them', () => {
    const shown = [5, 1, 9, 3, 7, 2, 8, 4, 6, 10].map((number) => entry(number, 20_000))
    const { letter, entries, more } = fitted(shown, 3)
    expect(numbersOf(entries)).toEqual([9, 7, 8, 10])
    expect(more).toBe(3 + 6)
    expect(shownIn(letter.html)).toEqual([9, 7, 8, 10])
    expect(letter.subject).toBe('SEA & SKY: Entry 9. (+12 more)')
    for (const form of [letter.html, letter.text]) expect(form).toContain('9 more on the web')
  })

  test('keeps one entry, at the worst without its snippet', () => {
    const huge = [entry(1, 10), entry(3, 200_000), entry(2, 10)]
    const { letter, entries, more } = fitted(huge)
    expect(entries).toEqual([{ ...entry(3, 0) }])
    expect(more).toBe(2)
    expect(shownIn(letter.html)).toEqual([3])
    expect(Buffer.byteLength(letter.html)).toBeLessThan(LETTER_LIMIT)
  })

  test('counts bytes, not characters', () => {
    const wide = Array.from({ length: 8 }, (_, n) => ({ ...entry(n, 0), snippet: '潮'.repeat(5_000) }))
    const { letter, entries } = fitted(wide)
    expect(entries.length).toBeLessThan(8)
    expect(Buffer.byteLength(letter.html)).toBeLessThan(LETTER_LIMIT)
  })

  test('counts a snippet as it is escaped', () => {
    const escaped = Array.from({ length: 8 }, (_, n) => ({ ...entry(n, 0), snippet: '<'.repeat(5_000) }))
    const { letter, entries } = fitted(escaped)
    expect(entries.length).toBeLessThan(8)
    expect(Buffer.byteLength(letter.html)).toBeLessThan(LETTER_LIMIT)
  })
})

test('fitLetter() keeps as many of the highest numbers as fit, in their order, and counts all others', () =>
  fc.assert(
    fc.property(
      fc.uniqueArray(
        fc.record({ number: fc.integer({ min: 1, max: 500 }), bytes: fc.integer({ min: 1, max: 20_000 }) }),
        {
          selector: ({ number }) => number,
          minLength: 1,
          maxLength: 20,
          size: 'max',
        },
      ),
      fc.nat(9),
      (drawn, before) => {
        const all = drawn.map(({ number, bytes }) => entry(number, bytes))
        const { letter, entries, more } = fitted(all, before)
        const ranked = numbersOf(all).sort((a, b) => b - a)
        const most = (count: number): NumberedEntry[] => all.filter(({ number }) => ranked.indexOf(number) < count)
        expect(entries).toEqual(most(entries.length))
        expect(entries.length + more).toBe(all.length + before)
        expect(letter).toEqual(renderLetter(TEMPLATES, inputWith({}, { entries, more })))
        expect(Buffer.byteLength(letter.html)).toBeLessThan(LETTER_LIMIT)
        if (entries.length === all.length) return
        const another = renderLetter(TEMPLATES, inputWith({}, { entries: most(entries.length + 1), more: more - 1 }))
        expect(Buffer.byteLength(another.html)).toBeGreaterThan(LETTER_LIMIT - 5_000)
      },
    ),
    { numRuns: 30 },
  ))

/** The letter of two entries with the longest snippet at which both still stay. */
function fullLetter(): string {
  let [stays, goes] = [0, LETTER_LIMIT]
  const letterOf = (bytes: number): FittedLetter<NumberedEntry> => fitted([entry(2, bytes), entry(1, 0)])
  while (goes - stays > 1) {
    const bytes = Math.floor((stays + goes) / 2)
    if (letterOf(bytes).entries.length === 2) stays = bytes
    else goes = bytes
  }
  return letterOf(stays).letter.html
}

const domain = `${`${'d'.repeat(61)}.`.repeat(3)}example`
for (const [says, values] of [
  [
    'an address that is escaped all over',
    {
      address: `${"'".repeat(60)}@${domain}`,
      unsubscribe_url: 'https://n.example/u/1',
      preferences_url: 'https://n.example/p/1',
    },
  ],
  [
    'an address of letters of four bytes',
    {
      address: `${'𝒜'.repeat(16)}@${domain}`,
      unsubscribe_url: 'https://n.example/u/1',
      preferences_url: 'https://n.example/p/1',
    },
  ],
  [
    'a long address of the web server',
    {
      address: `${'a'.repeat(64)}@example.net`,
      unsubscribe_url: `https://${domain}/${'p'.repeat(500)}/u/zzzzzzzzzzz.${'s'.repeat(22)}`,
      preferences_url: `https://${domain}/${'p'.repeat(500)}/p/zzzzzzzzzzz.${'s'.repeat(22)}`,
    },
  ],
  [
    'a long address for mail that is percent-encoded',
    {
      address: 'a@example.net',
      unsubscribe_url: `mailto:${'%26'.repeat(64)}@${domain}?subject=unsubscribe&body=%20`,
      preferences_url: `mailto:${'%26'.repeat(64)}@${domain}?subject=unsubscribe&body=%20`,
    },
  ],
] as const satisfies [string, ReaderValues][])
  test(`a letter as long as may be stays under the limit when filled with ${says}, and its last link is whole`, () => {
    const letter = fullLetter()
    expect(Buffer.byteLength(letter)).toBeGreaterThan(LETTER_LIMIT - 5_000)
    const filled = Buffer.from(fillReader(letter, TOKENS, values, 'html'))
    expect(filled.length).toBeLessThanOrEqual(LETTER_LIMIT)
    const link = `<a href="${values.unsubscribe_url.replaceAll('&', '&amp;')}"`
    expect(filled.subarray(0, LETTER_LIMIT).includes(link)).toBe(true)
  })
