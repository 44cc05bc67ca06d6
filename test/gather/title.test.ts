import fc from 'fast-check'
import { expect, test } from 'vitest'
import { titleText } from '../../src/gather/title.ts'

test.each([
  ['a plain title as it is', 'Tides: a primer', 'Tides: a primer'],
  ['lines as one', ' Tides\n  and\twind ', 'Tides and wind'],
  ['bold HTML', 'Tides <b>and</b> wind', 'Tides and wind'],
  ['HTML in HTML', '<span class="x"><i>Tides</i></span>', 'Tides'],
  ['HTML in capitals', '<B>Tides</B>', 'Tides'],
  ['a link', '<a href="/x?a=1&amp;b=2" title=\'y\'>Tides</a>', 'Tides'],
  ['a break as a space', 'Tides<br>and<br/>wind<br />now', 'Tides and wind now'],
  ['a paragraph', '<p>Tides</p><p>Wind</p>', 'Tides Wind'],
  ['a comment', 'Tides<!-- draft --> now', 'Tides now'],
  ['an image', '<img src="x.png"> Tides', 'Tides'],
  ['ruby with its reading', '<ruby>潮<rt>しお</rt></ruby>', '潮(しお)'],
  ['ruby with brackets of its own', '<ruby>潮<rp>(</rp><rt>しお</rt><rp>)</rp></ruby>', '潮(しお)'],
  ['entities', 'Q&amp;A &#8217;26 &#x2014; &copy; &nbsp;x', 'Q&A ’26 — © x'],
  ['a double entity once', '&amp;lt;b&amp;gt;', '&lt;b&gt;'],
  ['escaped HTML as words', 'The &lt;b&gt; element&lt;/b&gt;', 'The <b> element</b>'],
  ['an ampersand', 'AT&T, R&D; x&copy', 'AT&T, R&D; x&copy'],
  ['code', 'How `map()` works', 'How map() works'],
  ['code with two marks', 'How ``a`b`` and ``x`` work', 'How a`b and x work'],
  ['HTML in code as words', 'The `<b>bold</b>` and `&amp;`', 'The <b>bold</b> and &amp;'],
  ['strong words', '**Tides** and **wind**', 'Tides and wind'],
  ['strong words between Chinese ones', '看**潮汐**的人', '看潮汐的人'],
  ['strong code', '**`x`** and **a `y`**', 'x and a y'],
  ['stars that are no marks', '2**3 * 4 ** 5 and *x* and ** a **', '2**3 * 4 ** 5 and *x* and ** a **'],
  ['underscores', 'snake_case and __init__ and _x_', 'snake_case and __init__ and _x_'],
  ['a generic type', 'Vec<T>, List<String>, Map<K, V>', 'Vec<T>, List<String>, Map<K, V>'],
  ['a comparison', 'a < b and c > d', 'a < b and c > d'],
  ['an arrow', 'x <- y <= z', 'x <- y <= z'],
  ['an element that is the subject', 'What <script> and <b> and <img> do', 'What <script> and <b> and <img> do'],
  ['one backtick', "it's `here", "it's `here"],
  ['emoji with joiners', '👩‍👩‍👧 🇫🇷 ☀️', '👩‍👩‍👧 🇫🇷 ☀️'],
  ['Persian with its joiner', 'می‌خواهم', 'می‌خواهم'],
  ['without characters that nobody sees', '\u200bTi\u00addes\u2060\ufeff', 'Tides'],
  ['nothing', '', ''],
  ['nothing but marks', '<b></b>\u200b', ''],
])('titleText() reads %s', (_, raw, title) => expect(titleText(raw)).toBe(title))

test('titleText() is one line without end, whatever the title', () => {
  const unit = fc.constantFrom(...Array.from('ab<>/&;*`#\n \u200b'), '<b>', '</b>', '<br>', '&amp;', '\0')
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 40 }), (raw) => {
      const title = titleText(raw)
      return title === title.trim() && !/[\n\0\u200b]/.test(title)
    }),
    { numRuns: 500 },
  )
})

test.each(['<b>', '<a ', '**a', '`', '<!--', '&#1', '&', '``a`'])('titleText() reads a long run of %j', (unit) => {
  expect(titleText(unit.repeat(20_000)).length).toBeGreaterThan(0)
})
