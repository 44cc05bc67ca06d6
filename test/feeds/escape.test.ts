import { expect, test } from 'vitest'
import { cdata, escapeForRss } from '../../src/feeds/escape.ts'
import { escapeMarkup } from '../../src/markdown/text.ts'

for (const [says, escape, text, markup] of [
  ['escapeMarkup() escapes what ends a text or a quoted attribute', escapeMarkup, `&<>"'`, `&amp;&lt;&gt;&quot;'`],
  ['escapeMarkup() escapes a reference once more', escapeMarkup, '&amp;lt;', '&amp;amp;lt;'],
  ['escapeForRss() writes hexadecimal references', escapeForRss, '&<>"', '&#x26;&#x3C;&#x3E;"'],
  ['cdata() leaves markup as it is', cdata, '<p>&amp;</p>', '<![CDATA[<p>&amp;</p>]]>'],
  ['cdata() parts every end mark', cdata, ']]>]]>', '<![CDATA[]]]]><![CDATA[>]]]]><![CDATA[>]]>'],
  ['cdata() parts an end mark after a bracket', cdata, ']]]>', '<![CDATA[]]]]]><![CDATA[>]]>'],
] as const) {
  test(says, () => expect(escape(text)).toBe(markup))
}
