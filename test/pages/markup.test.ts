import { expect, test } from 'vitest'
import { markup } from '../../src/pages/markup.ts'

for (const [says, made, text] of [
  ['keeps what is written', markup`<p>a & b</p>`, '<p>a & b</p>'],
  ['escapes a text', markup`<p>${'<b>&'}</p>`, '<p>&lt;b&gt;&amp;</p>'],
  ['escapes within quotes', markup`<a href="${'"><script>'}">`, '<a href="&quot;&gt;&lt;script&gt;">'],
  ['fills in markup as it is', markup`<p>${markup`<b>${'&'}</b>`}</p>`, '<p><b>&amp;</b></p>'],
  ['fills in lists', markup`<p>${['<', markup`<br>`, [2]]}</p>`, '<p>&lt;<br>2</p>'],
  ['shows nothing for null and false', markup`<p>${null}${false}</p>`, '<p></p>'],
  ['shows zero', markup`<p>${0}</p>`, '<p>0</p>'],
  ['keeps signs of a pattern', markup`<p>${'$& $1 \\n'}</p>`, '<p>$&amp; $1 \\n</p>'],
] as const)
  test(`markup\`\` ${says}`, () => expect(made.text).toBe(text))
