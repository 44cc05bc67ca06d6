import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toMarkdown } from '../../src/markdown/dialect-text.ts'
import type { Syntax } from '../../src/markdown/syntax.ts'

const NONE: Syntax = { liquid: false, shortcodes: false, wiki: false, mdx: false, vue: false, kramdown: false }
const ALL: Syntax = { liquid: true, shortcodes: true, wiki: true, mdx: true, vue: true, kramdown: true }

type Case = readonly [says: string, source: string, markdown: string]

/** White space at the ends of lines, and how many blank lines part two blocks, do not matter. */
function tidy(markdown: string): string {
  return markdown
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

function table(title: string, syntax: Partial<Syntax>, cases: readonly Case[]): void {
  describe(title, () => {
    for (const [says, source, markdown] of cases)
      test(says, () => expect(tidy(toMarkdown(source, { ...NONE, ...syntax }))).toBe(markdown))
  })
}

table('toMarkdown() of every dialect takes away', {}, [
  ['the mark of an alert', '> [!NOTE]\n> The tide turns.', '>\n> The tide turns.'],
  ['the mark of a callout, not its title', '> [!tip]- Low water\n> Walk.', '> **Low water**\n>\n> Walk.'],
  ['containers', ':::tip\nWalk.\n:::', 'Walk.'],
  ['containers, not their titles', '::: warning 注意\n涨潮。\n:::', '**注意**\n\n涨潮。'],
  ['the title of a directive in brackets', ':::note[Low *water*]\nWalk.\n:::', '**Low *water***\n\nWalk.'],
  ['the options of a container', '::: details More {open}\nWalk.\n:::', '**More**\n\nWalk.'],
  ['containers in containers', '::::steps\n:::note{title="x"}\na\n:::\n::::', 'a'],
  ['code groups, not their code', '::: code-group\n```js [a.js]\nx\n```\n:::', '```js [a.js]\nx\n```'],
  ['the mark and the indent of an admonition', '!!! note "Low *water*"\n    Walk.\n\n    - a\n\nb', '**Low *water***\n\nWalk.\n\n- a\n\nb'],
  ['the mark of an admonition without a title', '!!! warning\n\n\tWalk.\n!!! tip ""\n    Run.', 'Walk.\n\nRun.'],
  ['the words beside the title of an admonition', '???+ note inline end "Tides"\n    a', '**Tides**\n\na'],
  ['quotes and words of a title without them', '!!! note 潮汐\n    涨。', '**潮汐**\n\n涨。'],
  ['admonitions in admonitions and lists', '- a\n\n    !!! tip "b"\n        c\n\n        ??? note\n            d', '- a\n\n    **b**\n\n    c\n\n    d'],
  ['directives of one line', 'a\n\n::github{repo="x/y"}\n\nb', 'a\n\nb'],
  ['tables of contents', '[toc]\n\n[TOC]\n\n[[toc]]\n\n[[_TOC_]]\n\n@[toc](Contents)\n\n<!-- toc -->\n\na', 'a'],
  ['admonitions of MkDocs, not their titles', '!!! note "Low *water*"\n\n    Walk.\n\n    ```\n    a\n    ```\nb', '**Low *water***\n\nWalk.\n\n```\na\n```\n\nb'],
  ['admonitions without a title', '??? tip\n    Walk.\n\n???+ warning inline end\n\tRun.\n\na', 'Walk.\n\nRun.\n\na'],
  ['admonitions in tabs', '=== "Low"\n\n    a\n\n    !!! note ""\n        b\n\n=== "High"\n\n    c', '**Low**\n\na\n\nb\n\n**High**\n\nc'],
  ['no exclamation', '!!! wait, what?\n    a\n\n!!! high\n\nlow\n\n=== "a" === "b"', '!!! wait, what?\n    a\n\n!!! high\n\nlow\n\n=== "a" === "b"'],
  ['things of other sites', 'a\n\n@[youtube](x)\n\n@[toc](潮)\n\nwrite to @[b](c) now', 'a\n\nwrite to @[b](c) now'],
  ['ids of headings', '## Tides {#tides}\n\n### Moons {: #moons .wide}\n\n# A {.b}', '## Tides\n\n### Moons\n\n# A'],
  ['no heading for want of a space', '##Tides {#a}\n###潮汐\n#tag\n####### a', '## Tides\n### 潮汐\n#tag\n####### a'],
  ['the table of contents of kramdown', '* content\n{:toc}\n\na\n\n1. 目录\n{: toc}\n\nb {:toc}', 'a\n\nb {:toc}'],
  ['no Chinese heading for want of a space', '#前言\n潮。\n#1.说明#\n\n#tag\n#潮汐# 涨\n#潮 #汐\n#涨潮了。', '# 前言\n潮。\n# 1.说明#\n\n#tag\n#潮汐# 涨\n#潮 #汐\n#涨潮了。'],
  ['lines of attributes', '![a](b)\n{.wide #c}', '![a](b)'],
  ['includes', '<<< @/code/tides.js{2}\n\n<!--@include: ./a.md-->\n\na', 'a'],
  ['what closes a block of MDC', '::read-more{to="/a"}\nb\n::\n\nc', 'b\n\nc'],
  ['the properties of a block of MDC', '::carousel\n---\nitems:\n  - a\n---\nb\n::\n\nc', 'b\n\nc'],
  ['directives within a line, not their words', 'a :spoiler[b **c**] (:badge[d]{.e}) 潮:mark[汐]', 'a b **c** (d) 潮汐'],
  ['directives without words', ':icon{name="a b"} c :icon{.d e="f"}', 'c'],
  ['attributes of links, emphasis, images and code', '[a](b){target="_blank"} **c**{.d #e} ![](f){width=50%} `g`{lang="ts"}', '[a](b) **c** ![](f) `g`'],
  ['embeds of VuePress', 'a\n\n@[code js{1-3}](./tides.js)\n\n@[youtube](x1)\n\nb', 'a\n\nb'],
  ['the names of tabs', '::: tabs\n\n@tab C\n\na\n\n@tab:active Go#go\n\nb\n\n:::\n\n@table', 'a\n\nb\n\n@table'],
  ['the head of a page of Svelte', '<svelte:head>\n  <title>a</title>\n</svelte:head>\n\nb', 'b'],
  ['comments of MDX, but the mark of an excerpt', 'a\n\n{/* note */}\n\nb\n\n{/* truncate */}\n\nc', 'a\n\nb\n\n<!-- truncate -->\n\nc'],
  ['nothing from code', '```\n:::tip\n[toc]\n```\n\n    ::: note\n\n`:::`', '```\n:::tip\n[toc]\n```\n\n    ::: note\n\n`:::`'],
  ['imports at the head', "import A from '@theme/a';\nimport {\n  b,\n} from './b'\nimport './c.css'\n\nd\n\nimport E from 'e'", "d\n\nimport E from 'e'"],
  ['no words about imports', 'import taxes rose from 1 to 2\n\na', 'import taxes rose from 1 to 2\n\na'],
  ['no code that begins with an import', '    import a from "b"\n\nc', '    import a from "b"\n\nc'.trim()],
  ['no text that has a colon or a brace', 'http:a[1] "b":c[2] d: e[3] 1:f(g){h} (i){ j } [k]{l} :m:[n] :o[p](q)', 'http:a[1] "b":c[2] d: e[3] 1:f(g){h} (i){ j } [k]{l} :m:[n] :o[p](q)'],
  ['nothing from prose', 'a :: b, std::vec [!x] {#c} <<< d', 'a :: b, std::vec [!x] {#c} <<< d'],
]) // prettier-ignore

table('toMarkdown() of Liquid', { liquid: true }, [
  ['removes tags', 'a {% include b.html c="d" %}e', 'a e'],
  ['removes tags that trim white space', 'a {%- if b -%}c{%- endif -%} d', 'a c d'],
  ['removes tags over lines', 'a\n\n{% include figure.html\n  src="b"\n  title="c" %}\n\nd', 'a\n\nd'],
  ['removes values', 'a {{ page.title }}b {{- c | d: "e" -}}', 'a b'],
  ['removes values within links', '[a]({{ site.url }}/b) [c]({% post_url 2020-01-01-d %})', '[a](/b) [c]()'],
  ['leaves an address to each definition', '[a]: {% post_url b %}\n[c]: {{ site.url }}/d "e"\n[f]: {% link g %} "h"', '[a]: <>\n[c]: /d "e"\n[f]: <> "h"'],
  ['keeps the words of a pull quote', '{% pullquote %}\na {" b "} c\n{% endpullquote %}\n\n{"d": "e"}', 'a b c\n\n{"d": "e"}'],
  ['keeps what is captured to be shown', '{% capture a %}\n*b*\n{% endcapture %}\n<p>{{ a | markdownify }}</p> {% capture c %}d{% endcapture %}{{ c }}', '*b*\n\n<p></p>'],
  ['keeps a value that is its own text', '[a]({{ "/b/" | relative_url }}) {{ "{{ c }}" }}', '[a](/b/) {{ c }}'],
  ['removes calls with objects', '{{ card({ a: { b: 1 }}) }}\n\n{{ card("a", {\n  b: [{ c: {} }]\n}) }} d', 'd'],
  ['removes a value beside an open bracket', '({{ a }} b) {{ c( }} d', '( b)  d'],
  ['removes comments', 'a {# b #}c{% comment %}\nd\n\ne {% endcomment %}f', 'a cf'],
  ['keeps the words of a note', '{% note info %}\nThe tide.\n{% endnote %}', 'The tide.'],
  ['keeps the words of a quotation', '{% blockquote Ada, Tides https://a.example %}\nb\n{% endblockquote %}\n\n{% cq %}c{% endcq %}', 'b\n\nc'],
  ['keeps the words of tabs', '{% tabs a, 1 %}\n<!-- tab b -->\nc\n<!-- endtab -->\n{% endtabs %}', '<!-- tab b -->\nc\n<!-- endtab -->'],
  ['makes code of a code block', '{% codeblock lang:js Title %}\na {% b %}\n{% endcodeblock %}', '```js\na {% b %}\n```'],
  ['makes code of a code block with fences', '{% code %}\n```\na\n```\n{% endcode %}', '````\n```\na\n```\n````'],
  ['makes code of highlighted lines', 'x\n\n{% highlight ruby linenos %}\na {{ b }}\n{% endhighlight %}', 'x\n\n```ruby\na {{ b }}\n```'],
  ['makes code of what names its language at the end, too', '{% highlight sh %}\na\n{% endhighlight sh %}\n\nb', '```sh\na\n```\n\nb'],
  ['leaves no space before a point', 'a {% cite b %}, c  {{ d }}. {% e %}! `f` {% g %} h', 'a, c. ! `f`  h'],
  ['makes code and math of what ends in the manner of Zola', '{% mermaid() %}\na\n{% end %}\n\n{% katex(block=true) %}b{% end %}', '```\na\n```\n\n$$b$$'],
  ['keeps the words of a note of Zola, not its options', '{% note(title="a") %}\nb\n{% end %}', 'b'],
  ['makes math of doubled backslashes', 'so \\\\(a_1\\\\) and \\\\[b\\\\]\n\n\\\\[c\\\\]', 'so \\(a_1\\) and $$b$$\n\n\\[c\\]'],
  ['makes math of calls of Zola', 'a {{ katex(body="\\hat{b}") }} {{ katex(block=true, body=`c`) }} {% katex() %}d{% end %}', 'a \\(\\hat{b}\\) $$c$$ \\(d\\)'],
  ['keeps raw text', '{% raw %}a {{ b }} {% c %}{% endraw %} {% verbatim %}{{ d }}{% endverbatim %}', 'a {{ b }} {% c %} {{ d }}'],
  ['keeps raw code', '{% raw %}\n```\n{{ a }}\n```\n{% endraw %}\n\nb {{ c }}d', '```\n{{ a }}\n```\n\nb d'],
  ['takes the marks of raw text out of code', '```\n{% raw %}\n{{ a }}\n{% endraw %}\n```\n`{% raw %}{{ b }}{% endraw %}`', '```\n\n{{ a }}\n\n```\n`{{ b }}`'],
  ['leaves code alone', '`{{ a }}` ``{% b ` %}``\n\n    {{ c }}\n\n~~~\n{% d %}\n~~~', '`{{ a }}` ``{% b ` %}``\n\n    {{ c }}\n\n~~~\n{% d %}\n~~~'],
  ['leaves code in a list alone', '- a\n\n  ```\n  {{ b }}\n  ```\n- c {{ d }}', '- a\n\n  ```\n  {{ b }}\n  ```\n- c'],
  ['reads indented lines in a list', '- a\n\n    b {{ c }}d', '- a\n\n    b d'],
  ['removes pictures', 'a\n{% asset_img b.png "c" %}\n{% img d.png 300 %}\ne', 'a\n\ne'],
  ['keeps the words of a link', "{% post_link tides 'The tides' %}, {% post_link a-b C d true %} and {% link Moon, https://a.example %}", 'The tides, C d and Moon'],
  ['keeps the name of a post that has no other words', '{% post_link sea/tides %} {% post_link "low tide" %} {% post_link %}.', 'tides low tide .'],
  ['keeps the words of a file', '{% asset_link a.pdf "The table" %} {% asset_link b.pdf c d %} {% asset_link e.zip %}', 'The table c d e.zip'],
  ['keeps words that are explained', '{% ruby 潮汐|ちょうせき %}{% bubble 涨潮,"水位升高","#ec5830" %}{% nota 退潮, 水位下降 %}', '潮汐涨潮退潮'],
  ['keeps words behind the options of Volantis', '{% span red::moon %} {% checkbox green checked::tide %} {% span a:b, sea %}', 'moon tide sea'],
  ['keeps blurred, raised and lowered words', '{% blur moon %} {% sup 2 color:red %} {% sub tide %}', 'moon 2 tide'],
  ['makes math of a tag and of a block', '{% math a_{1} %} {% math inline %}b{% endmath %} {% math_block %}\nc\n{% endmath_block %}', '\\(a_{1}\\) $$b$$ $$c$$'],
  ['removes lists for players and of friends', 'a{% aplayerlist %}{"b": 1}{% endaplayerlist %}\n{% flink %}\n- name: c\n{% endflink %}', 'a'],
  ['removes frames', '{% youtube a %}\n{% bilibili BV1 %}\n\nb', 'b'],
  ['keeps the words of a note that nothing ends', '{% note color:red High tide %}', 'High tide'],
  ['keeps the words of tags with options', '{% quot Tides icon:x %} {% mark moon color:red %}', 'Tides moon'],
  ['keeps code apart from HTML before it', '<br>\n{% code %}\nx\n{% endcode %}', '<br>\n\n```\nx\n```'],
  ['keeps the words of a coloured label', '{% label sea tide blue %} {% label info %}', 'sea tide info'],
  ['keeps what stands for hidden words', '{% hideInline moon,who?,#fff %} {% hideInline moon %}.', 'who? .'],
  ['keeps the words of a label', '{% label primary@潮汐 %} {% span red, moon %} {% label info sea %}', '潮汐 moon sea'],
  ['keeps braces that are text', 'a {% b and { c } d } {{', 'a {% b and { c } d } {{'],
  ['keeps math', '$\\frac{{a}}{b}$ and $$\n{{c}}\n$$ {{ d }}', '$\\frac{{a}}{b}$ and $$\n{{c}}\n$$'],
  ['keeps what stands behind a comment with a fence', '<!--\n```\n-->\n\na {{ b }}c', '<!--\n```\n-->\n\na c'],
]) // prettier-ignore

table('toMarkdown() of shortcodes', { shortcodes: true }, [
  ['removes figures', 'a\n\n{{< figure src="b.png"\n  caption="c > d" >}}\n\ne', 'a\n\ne'],
  ['keeps the words of pairs', '{{< note >}}a *b*{{< /note >}} {{% notice tip %}}c{{% /notice %}}', 'a *b* c'],
  ['removes trimmed marks', '{{<note>}}a{{</note>}} {{% b %}}c', 'a c'],
  ['makes code of highlighted lines', '{{< highlight go "linenos=true" >}}\na {{< b >}}\n{{< /highlight >}}', '```go\na {{< b >}}\n```'],
  ['makes code of diagrams', '{{< mermaid >}}\ngraph TD\n{{< /mermaid >}}', '```mermaid\ngraph TD\n```'],
  ['makes math', '{{< math >}}$$a$$ {{< /math >}} {{< katex >}}b{{< /katex >}}', '$$a$$  \\(b\\)'],
  ['removes a switch for math', '{{< katex >}}\n\nso \\\\(a_1\\\\) and', 'so \\(a_1\\) and'],
  ['removes comments', 'a{{< comment >}}\nb\n{{< /comment >}}c', 'ac'],
  ['keeps links whole', '[a]({{< ref "b.md" >}}) [c]({{% relref "d" %}} "e")', '[a]() [c]( "e")'],
  ['shows escaped shortcodes', '{{</* figure */>}} {{%/* b */%}}', '{{< figure >}} {{% b %}}'],
  ['keeps the words of links', '{{< link "https://a.example" "b c" >}} {{< link href="x" content="d" >}}', 'b c d'],
  ['leaves code alone', '`{{< a >}}`\n\n```\n{{< b >}}\n```', '`{{< a >}}`\n\n```\n{{< b >}}\n```'],
  ['keeps what a password locks', 'a {{% hugo-encryptor "p" %}}b\n\nc{{% /hugo-encryptor %}}{{< secret "p" >}}d{{</ secret >}} e', 'a  e'],
  ['keeps the locked within the locked', 'a {{< fixit-encryptor >}}b{{< fixit-encryptor >}}c{{< /fixit-encryptor >}}d{{< /fixit-encryptor >}} e', 'a  e'],
  ['takes the last end of what is locked', 'a {{< secret >}}b{{< secret >}}c{{< /secret >}} d {{< secret >}}e', 'a  d e'],
  ['removes templates within', 'a {{< b.inline >}}{{ if .c }}<p>d</p>{{ end }}{{</ b.inline >}}', 'a <p>d</p>'],
  ['defines links', '[a][1]\n\n[1]: {{< ref "b.md" >}}\n[2]: {{< relref "c" >}} "d"', '[a][1]\n\n[1]: #\n[2]: # "d"'],
  ['keeps words and marks', 'H{{< sub "2" >}}O {{< kbd C >}}+{{< kbd text="V" >}} {{< ruby "潮" "うしお" >}}', 'H2O C+V 潮'],
  ['removes style sheets', '{{< style >}}\n.a { b: c }\n{{< /style >}}{{< style "color: red" >}}d{{< /style >}}', 'd'],
  ['makes code of what is typed', '{{< typeit code=go >}}\na\n{{< /typeit >}}{{< typeit >}}b{{< /typeit >}}', '```\na\n```\nb'],
  ['makes code of terminals', '{{< terminal title="a" >}}\nls\n{{< /terminal >}}', '```\nls\n```'],
  ['makes math of blocks', '{{< mathjax/block >}}\\[a\\]{{< /mathjax/block >}}', '\\[a\\]'],
  ['removes lines of attributes', 'a\n{width=300 .center}\n\nb {c=1}', 'a\n\nb {c=1}'],
  ['leaves values alone', 'a {{ b }}', 'a {{ b }}'],
]) // prettier-ignore

table('toMarkdown() of a wiki', { wiki: true }, [
  [
    'takes away what Logseq keeps for itself',
    '- a\n  id:: 63d873f9\n  collapsed:: true\n\t- b\n\t  card-last-score:: 5\n- DONE c\n  :LOGBOOK:\n  CLOCK: [2026-01-11 Sun 09:30]\n  :END:',
    '- a\n\t- b\n- DONE c',
  ],
  ['takes away what plans a task', '- TODO a\n  SCHEDULED: <2026-01-11 Sun>\n  DEADLINE: <2026-01-12 Mon .+1d>\n- b', '- TODO a\n- b'],
  ['takes away drawers of properties', '## a\n:PROPERTIES:\n:heading: true\n:END:\n\n:smile: b', '## a\n\n:smile: b'],
  ['takes away the marks of blocks', '- #+BEGIN_TIP\n  a\n  #+END_TIP\n\n#+BEGIN_QUOTE\nb\n#+END_QUOTE', '-\n  a\n\nb'],
  ['takes away queries', 'a\n#+BEGIN_QUERY\n{:title "b"}\n#+END_QUERY\nc {{query (and [[d]] [[e]])}} {{embed ((f))}} g', 'a\nc   g'],
  ['takes away the size of an image', '![a](b.png){:height 200, :width 300} c', '![a](b.png) c'],
  ['takes away what Templater left', 'a <% tp.file.cursor() %> b <%* if (x) { %>c<%* } -%> <%= d %>', 'a  b c <%= d %>'],
  ['takes away code of Dataview and Meta Bind', 'a `= this.b` c `$= dv.d()` e `INPUT[toggle:f]` `= default`', 'a  c  e  `= default`'],
  ['takes away fields at the end of a line', '- [ ] a [due:: 2026-01-11] [p:: high]\n- b (c:: d) e', '- [ ] a\n- b d e'],
  ['keeps the value of a field within a line', 'a (b:: Ada) c [d:: [[Rome|e]]] f std::g (h::i) j', 'a Ada c e f std::g i j'],
  ['leaves properties that are read', 'id:: a\n\nsource:: [b](c)\n\nstd::id::x', 'source:: [b](c)\n\nstd::id::x'],
  ['keeps the words of links', '[[Tides]], [[a/b|the sea]] and [[Moon\\|moons]]', 'Tides, the sea and moons'],
  ['names headings', '[[Tides#Low water]] [[#Ebb]] [[Tides#^a1]]', 'Tides > Low water Ebb Tides'],
  ['removes embeds', 'a ![[b.png|300]] c\n\n![[d#e]]', 'a  c'],
  ['removes comments', 'a %%b%%c\n\n%%\nd\n\ne\n%%\n\nf', 'a c\n\nf'],
  ['keeps marked words', 'a ==b [[c]]== d', 'a b c d'],
  ['removes the ids of blocks', 'a b ^c-1\n- d ^e\n\n^f', 'a b\n- d'],
  ['keeps words behind a number sign', 'a #b/c', 'a #b/c'],
  ['keeps brackets that are text', '[[1,2],[3,4]] and [[ -f x ]] and [[1]](https://a.example)', '[[1,2],[3,4]] and [[ -f x ]] and [[1]](https://a.example)'],
  ['keeps signs that are text', 'a == b == c, 100% of 50%, x^2', 'a == b == c, 100% of 50%, x^2'],
  ['leaves code alone', '`[[a]]` ==\n\n```dataview\nlist [[b]] %%c%%\n```', '`[[a]]` ==\n\n```dataview\nlist [[b]] %%c%%\n```'],
  ['removes the mark of a folded callout in a quotation', '> > [!faq]- Why?\n> > Because.', '> > **Why?**\n> >\n> > Because.'],
]) // prettier-ignore

table('toMarkdown() of MDX', { mdx: true }, [
  ['removes imports and exports', "import A from './a'\nimport {\n  b,\n} from 'c'\nimport './d.css'\nexport const e = {\n\n  f: [1, '}'],\n}\n\nText.", 'Text.'],
  ['removes them below text too', 'a\n\nexport default ({ children }) => <b>{children}</b>\n\nc', 'a\n\nc'],
  ['keeps prose about imports', 'import taxes rose.\n\nexport is hard', 'import taxes rose.\n\nexport is hard'],
  ['removes comments', 'a {/* b\n\n} c */}d', 'a d'],
  ['keeps the mark of an excerpt', 'a {/* truncate */}', 'a <!-- truncate -->'],
  ['keeps the children of components', '<Note type="tip">\n  The **tide**.\n</Note>\n\n<A.B>c</A.B> <>d</>', 'The **tide**.\n\n\nc d'.replace('\n\n\n', '\n\n')],
  ['removes props', '<A b={{ c: ">" }} d={() => e > 1}\n  f="g > h" {...i} j>k</A> <L m={`n}`} />', 'k'],
  ['removes props with blank lines within', '<A b={[\n\n  { c: 1 },\n\n]} />\n\nd', 'd'],
  ['keeps HTML', 'a<br /> <kbd>b</kbd> <ul style={{ c: 1 }}>d</ul>', 'a<br /> <kbd>b</kbd> <ul>d</ul>'],
  ['reads Markdown in a paragraph of HTML', '<p style={{ a: 1 }}>b **c**</p><p>d</p>', 'b **c** d'],
  ['removes expressions', 'a {props.b}c {d.map((e) => <li>{e}</li>)}', 'a c'],
  ['keeps literals', "a{' '}b {'{c}'} {\"d\"}", 'a b {c} d'],
  ['removes a list of contents', '<TableOfContents client:visible>\n- a\n  - b\n</TableOfContents>\n\n<TOC>\n- c\n</TOC>\n\nd <Toc /> <Tocsin>e</Tocsin>', 'd  e'],
  ['removes styles', '<style>{`a { b: c }`}</style>\n\nd', 'd'],
  ['keeps angle brackets', 'a < b, c <d and e > f, 1 <2', 'a < b, c <d and e > f, 1 <2'],
  ['keeps addresses', '<https://a.example> <ada@a.example>', '<https://a.example> <ada@a.example>'],
  ['keeps escaped braces', 'a \\{b\\} \\<c>', 'a \\{b\\} \\<c>'],
  ['keeps math', '$\\frac{a}{b}$\n\n$$\n\\sum_{i}\n\n{a}\n$$\n\n\\begin{align}a\\end{align}', '$\\frac{a}{b}$\n\n$$\n\\sum_{i}\n\n{a}\n$$\n\n\\begin{align}a\\end{align}'],
  ['makes no code of indented children', '<A>\n    <B>\n        c\n    </B>\n</A>', 'c'],
  ['leaves code alone', '`<A b={c}>`\n\n```jsx\nimport a from "b"\n<A>{d}</A>\n```', '`<A b={c}>`\n\n```jsx\nimport a from "b"\n<A>{d}</A>\n```'],
]) // prettier-ignore

table('toMarkdown() of Vue', { vue: true }, [
  ['removes values', 'a {{ b }}c\n\n{{ d.map(e => ({ e })) }}', 'a c'],
  ['keeps values that Vue does not read', '<span v-pre>{{ a }}</span>', '<span v-pre>{{ a }}</span>'],
  ['removes components', 'a <Badge type="tip" text="b > c" /> <my-d @click="e">f</my-d>', 'a  f'],
  ['keeps HTML without the attributes of Vue', '<p :a="b" @c="d">e</p> <b>f</b>', '<p>e</p> <b>f</b>'],
  ['leaves code and scripts alone', '`{{ a }}`\n\n<script setup>\nimport b from "c"\n\nconst d = {{}}\n</script>', '`{{ a }}`\n\n<script setup>\nimport b from "c"\n\nconst d = {{}}\n</script>'],
]) // prettier-ignore

test('toMarkdown() leaves a tag where there are tags', () =>
  expect(toMarkdown('#Tides', { ...NONE, kramdown: true, wiki: true })).toBe('#Tides'))

describe('toMarkdown() of plain notes', () => {
  const read = (text: string): string => toMarkdown(text, { ...NONE, kramdown: true, wiki: true })
  test('takes a lone Chinese word behind a number sign for a tag', () =>
    expect(read('#日记\n\n潮。')).toBe('#日记\n\n潮。'))
  test('takes several for headings', () => expect(read('#潮\n涨。\n#汐\n#x')).toBe('# 潮\n涨。\n# 汐\n#x'))
  test('takes one for a heading among others', () => expect(read('#潮\n涨。\n##汐')).toBe('# 潮\n涨。\n## 汐\n'))
})

test('toMarkdown() of a vault keeps tags', () =>
  expect(toMarkdown('#潮\n\n#汐\n\n##月', { ...NONE, wiki: true })).toBe('#潮\n\n#汐\n\n## 月\n'))

table('toMarkdown() of kramdown', { kramdown: true }, [
  ['removes attributes', '*a*{: .b} c\n{: .d #e}\n\n![f](g){:width="1"}', '*a* c\n\n\n![f](g)'.replace('\n\n\n', '\n\n')],
  ['removes the table of contents', '* TOC\n{:toc}\n\na\n\n1. Contents\n{:toc}', 'a'],
  ['removes the heading of the table of contents', '## Tasks\n{: .no_toc .a }\n\n1. TOC\n{:toc}\n\n# b\n{: .no_toc }\n\n- TOC\n{:toc}\n\n## c\n{: .no_toc }\n\n- d', '# b\n\n## c\n\n- d'],
  ['ends a block at a caret alone', 'a\n^\nb\n\n```\n^\n```\n\n2^\n^ c', 'a\n\nb\n\n```\n^\n```\n\n2^\n^ c'],
  ['removes options and comments', '{::options toc_levels="2" /}\na {::comment}\nb\n\nc{:/comment}d {::nomarkdown}e{:/}', 'a d e'],
  ['makes inline math of dollars within a line', 'so $$a_1$$ and\n\n$$b$$\n\n$$\nc\n$$', 'so \\(a_1\\) and\n\n$$b$$\n\n$$\nc\n$$'],
  ['reads doubled backslashes as math', 'so \\\\(a\\_1\\\\) and\n\n\\\\[b\\\\]', 'so \\(a_1\\) and\n\n\\[b\\]'],
  ['leaves code alone', '`{:a}` `$$b$$`', '`{:a}` `$$b$$`'],
  ['makes headings for want of a space', '#Tides\n\n #1. *a*{:.b}\n\n#include <a>\n\n#a #b\n\n#1 c', '# Tides\n\n # 1. *a*\n\n#include <a>\n\n#a #b\n\n#1 c'],
  ['parts Markdown from the element that holds it', '<div class="a" markdown="1">\n*b*\n</div>', '<div class="a" markdown="1">\n\n*b*\n</div>'],
  ['parts Markdown from its element in one line', '<p markdown=span>*b*</p>', '<p markdown=span>\n\n*b*</p>'],
  ['ends HTML with its element', '<div>\na</div>\n*b*\n<br/>\n*c*', '<div>\na</div>\n\n*b*\n<br/>\n\n*c*'],
  ['does not end HTML within it', '<div>\n<p>a</p>\n</div>\n\n<b>c</b>\nd', '<div>\n<p>a</p>\n</div>\n\n<b>c</b>\nd'],
]) // prettier-ignore

test('toMarkdown() gives line feeds alone', () =>
  expect(toMarkdown('a\r\n\r\n:::tip\r\nb\r:::', NONE)).toBe('a\n\n\nb\n\n'))

table('toMarkdown() of every dialect leaves as text', {}, [
  ['marks without an indented line', 'a\n!!! note "b"\nc\n\n??? what', 'a\n!!! note "b"\nc\n\n??? what'],
  ['marks that end a line', 'High tide !!!\n\n    code', 'High tide !!!\n\n    code'],
]) // prettier-ignore

describe('toMarkdown() of every syntax at once gets through 300 KB of', () => {
  for (const mark of [
    '{{<', '{{%', '{%', '{{', '{#', '{:', '{::comment}', '{/*', '{', '[[', '![[', '%%', '==', '== ', '=', ' ^', ':::', ':::\n', '<A ', '<A {', '<a b="',
    '<a b=\'{', '<', '<!--', '<pre>', '<style>', '$', '$$ ', '$$\n\n', '\\(', '\\\\(', '\\[', '\\begin{', '`', '` `` ', '```\n', '~~~~ a\n', '> [!a] b\n', '> ```\n',
    '[toc]\n', '## {#', '## a {', '{.a\n', 'import a\n\n', 'import {\n\n', "import '", 'export const a = {\n\n', 'export default `\n\n', '{`', "{'", '{//', '    \n',
    '- ', '\n', '\t', '{% raw %}', '{% code %}', '{% a', '{% "{%', "{{ '", '{{< a', '{{</*', '{{< math >}}', '{{< secret >}}', '{{< secret >}}{{< /secret >}}', '[[a|', '::a{', '> ', '!!! a\n    ', '??? a\n\n', '<p markdown="1" ', '<br>\na\n', '</p>\na',
  ])
    test(JSON.stringify(mark), () =>
      expect(toMarkdown(mark.repeat(Math.ceil(300_000 / mark.length)), ALL)).toBeTypeOf('string'))
}) // prettier-ignore

test('toMarkdown() gets through shortcodes of ever other names that nothing ends', () => {
  const marks = Array.from(
    { length: 15_000 },
    (_, index) => `{{< encrypt${String(index)} >}}{{< a${String(index)}.inline >}}`,
  )
  expect(toMarkdown(marks.join(''), ALL)).toBe('')
})

const pieces = fc.constantFrom(
  '{%', '%}', '{{', '}}', '{#', '#}', '{{<', '>}}', '{% raw %}', '{% endraw %}', '{% code %}', '{% endcode %}', '[[', ']]', '%%', '==', ' ^a', ':::',
  '<A ', '</A>', '>', '{', '}', '"', "'", '`', '```', '\n', '\n\n', '    ', '- ', '> ', '$', '$$', '\\', 'import a', 'export const b', '{:', 'a', '潮', ' ',
) // prettier-ignore

test('toMarkdown() keeps each letter of a text without marks, and is steady for any', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string()), { maxLength: 30 }), (parts) => {
      const text = parts.join('')
      expect(toMarkdown(text, ALL)).toBe(toMarkdown(text, ALL))
      const plain = text.replace(/[^\p{L}\n ]/gu, '').replace(/import|export/g, '')
      expect(toMarkdown(plain, ALL)).toBe(plain)
    }),
    { numRuns: 300 },
  )
})
