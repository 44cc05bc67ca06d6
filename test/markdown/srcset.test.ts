import fc from 'fast-check'
import { expect, test } from 'vitest'
import { srcsetWith } from '../../src/markdown/srcset.ts'

const whole = (url: string): string | null =>
  URL.canParse(url, 'https://t.example/a/') ? new URL(url, 'https://t.example/a/').href : null

for (const [says, value, absolute] of [
  ['a density', 'x.png 2x', 'https://t.example/a/x.png 2x'],
  ['widths', 'x.png 400w, /y.png 800w', 'https://t.example/a/x.png 400w, https://t.example/y.png 800w'],
  ['no descriptor', 'x.png, y.png', 'https://t.example/a/x.png, https://t.example/a/y.png'],
  ['commas within an address', 'x,1.png 1x', 'https://t.example/a/x,1.png 1x'],
  ['commas without white space', 'x.png 1x,y.png 2x', 'https://t.example/a/x.png 1x, https://t.example/a/y.png 2x'],
  ['white space and commas to spare', ' ,, x.png  2x ,, ', 'https://t.example/a/x.png 2x'],
  ['descriptors that are none', 'x.png 2x (a, b) <b>', 'https://t.example/a/x.png 2x'],
] as const)
  test(`srcsetWith() reads ${says}`, () => expect(srcsetWith(value, whole)).toBe(absolute))

test('srcsetWith() leaves out what has no address', () => {
  expect(srcsetWith('a 1x, b 2x', (url) => (url === 'a' ? null : url))).toBe('b 2x')
  expect(srcsetWith('a 1x', () => null)).toBeNull()
  expect(srcsetWith('', whole)).toBeNull()
})

test('srcsetWith() leaves out a list that no person wrote', () =>
  expect(srcsetWith('a 1x,'.repeat(5000), whole)).toBeNull())

test('srcsetWith() gives only addresses that it was given, each followed by descriptors', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', 'b', ' ', ',', '(', ')', '2x', '\n', '<', '"') }), (value) => {
      const result = srcsetWith(value, (url) => `https://t.example/${encodeURIComponent(url)}`)
      for (const candidate of result?.split(', ') ?? []) {
        expect(candidate).toMatch(/^https:\/\/t\.example\/\S*(?: [\d.]+[xwh])*$/)
      }
    }),
  )
})
