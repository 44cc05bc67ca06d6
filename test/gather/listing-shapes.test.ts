import { describe, expect, test } from 'vitest'
import { parseListing } from '../../src/gather/listing.ts'

const TIDES =
  'Tides follow the moon, and a table of them is the oldest schedule that people still use; a harbour without one waits for the water.'
const WINDS =
  'Winds follow nobody, so the oldest skipper is asked, who looks at the gulls and shakes his head before he goes home for dinner.'
const LOCKS =
  'A lock file looks simple: create it, do the work, delete it. Then the machine loses power between the second step and the third.'
const TABLE =
  '潮汐表是最早的定时任务。港口的人提前一年就知道哪一天几点水最深，船不必每隔一刻钟去量一次水位。本文借它说明轮询。'
const CACHE =
  '缓存里最难的不是放进去，而是什么时候拿出来扔掉。常见的答案有三种：按时间，放了多久就过期；按次序，最久没用的先走。'
const RING =
  '环形缓冲区用一块固定大小的数组存放数据，写指针追着读指针跑，跑到末尾就绕回开头。它最大的好处是不再分配内存。'
const ENGLISH = [TIDES, WINDS, LOCKS]
const CHINESE = [TABLE, CACHE, RING]

function texts(page: string): string[] {
  return parseListing(page, 'Harbour').entries.map(({ text }) => text)
}

/** What stands beside the texts: `[title]|[category]|[day]`. */
function besides(page: string): string[] {
  return parseListing(page, 'Harbour').entries.map(({ title, titleGuessed, category, date }) =>
    [titleGuessed ? '' : title, category, date?.kind === 'day' ? `${date.year}-${date.month}-${date.day}` : ''].join(
      '|',
    ),
  )
}

/** Breaks a text after so many characters at most, between words. */
function wrap(text: string, width: number): string {
  return text.replace(new RegExp(`(.{1,${width}})(?: |$)`, 'g'), '$1\n').trim()
}

/** Breaks a Chinese text after so many characters, never before a comma or full stop. */
function wrapChinese(text: string, width: number): string {
  return text.replace(new RegExp(`.{${width - 1}}(?:.[，。、；：？]|.)(?=.)`, 'gu'), '$&\n')
}

const page = (snippets: readonly string[], line: (snippet: string, index: number) => string, gap = '\n'): string =>
  snippets.map(line).join(gap)

describe('a number', () => {
  test.each([
    ['a number with a full stop', (n: number) => `${n}. `],
    ['a number with a bracket', (n: number) => `${n}) `],
    ['a number in brackets', (n: number) => `(${n}) `],
    ['a number in square brackets that goes on from another page', (n: number) => `[${n + 11}] `],
    ['a number that goes down', (n: number) => `${13 - n}. `],
    ['a number sign', (n: number) => `#${20 - n} `],
    ['a number with zeros before it', (n: number) => `${String(n + 7).padStart(3, '0')}. `],
    ['a circle', (n: number) => '①②③'.charAt(n - 1)],
    ['a Chinese comma', (n: number) => `${n}、`],
    ['a full-width bracket', (n: number) => `（${n}）`],
    ['a Chinese number', (n: number) => `${['九', '十', '十一'][n - 1] ?? ''}、`],
    ['a Chinese number in tens', (n: number) => `（${['二十一', '二十', '十九'][n - 1] ?? ''}）`],
    ['a hyphen', () => '- '],
    ['an asterisk', () => '* '],
    ['a bullet', () => '• '],
  ])('is dropped: %s', (_, mark) => {
    expect(texts(page(ENGLISH, (text, index) => mark(index + 1) + text))).toEqual(ENGLISH)
    expect(texts(page(CHINESE, (text, index) => mark(index + 1) + text, '\n\n'))).toEqual(CHINESE)
  })

  test.each([
    ['of one snippet alone', [`1. ${TIDES}`]],
    ['of snippets that do not count on', [`1. ${TIDES}`, WINDS, `1. ${LOCKS}`]],
    ['of the same number each time', [`1. ${TIDES}`, `1. ${WINDS}`]],
    ['of two of three', [`1. ${TIDES}`, `2. ${WINDS}`, LOCKS]],
    ['of years', ['2024. The tide came in.', '2023. It went out.', '2022. Nobody wrote it down.']],
    ['of a quantity', ['3 ways to tie a knot.', '2 ways to lose it.', '1 way home.']],
    ['of a version', ['1.1 is out.', '1.2 is out.', '1.3 is out.']],
    ['of a bullet for one', [`- ${TIDES}`, WINDS, LOCKS]],
  ])('stays: %s', (_, snippets) => expect(texts(snippets.join('\n'))).toEqual(snippets))

  test('is dropped when a line of the page without one stands above', () => {
    const numbered = [...ENGLISH, TABLE].map((text, index) => `${index + 1}. ${text}`)
    expect(texts(['Notes from the quay, since 1999.', ...numbered].join('\n')).slice(1)).toEqual([...ENGLISH, TABLE])
  })
})

describe('a date', () => {
  test.each([
    ['first', (day: number, text: string) => `2026-01-${day} ${text}`],
    ['first, before a dash', (day: number, text: string) => `Jan ${day}, 2026 — ${text}`],
    ['first, in brackets', (day: number, text: string) => `[2026/1/${day}] ${text}`],
    ['first, in Chinese', (day: number, text: string) => `2026年1月${day}日 ${text}`],
    ['first, before a colon', (day: number, text: string) => `2026年1月${day}日：${text}`],
    ['first, day before month', (day: number, text: string) => `${day}/01/2026 ${text}`],
    ['first, with a weekday and a time', (day: number, text: string) => `Sun, ${day} Jan 2026 09:30 ${text}`],
    ['first, behind a number', (day: number, text: string) => `${day - 12}. 2026-01-${day}: ${text}`],
    ['last, in brackets', (day: number, text: string) => `${text} (${day} Jan 2026)`],
    ['last, in wide brackets', (day: number, text: string) => `${text}（2026年1月${day}日）`],
    ['last', (day: number, text: string) => `${text} 2026-01-${day}`],
    ['last, with a word', (day: number, text: string) => `${text} Posted on January ${day}th, 2026`],
    ['last, in Chinese', (day: number, text: string) => `${text} 发布于 2026-01-${day}`],
  ])('is taken off: %s', (_, dated) => {
    for (const snippets of [ENGLISH, CHINESE]) {
      const listing = page(snippets, (text, index) => dated(13 + index, text))
      expect(texts(listing)).toEqual(snippets)
      expect(besides(listing)).toEqual(['||2026-1-13', '||2026-1-14', '||2026-1-15'])
    }
  })

  test.each([
    ['a sentence that begins with it', '2026-01-11 was a cold day at the harbour.'],
    ['a Chinese sentence that begins with it', '2026年1月11日，港口结冰了。'],
    ['a sentence that ends with it', 'The harbour is closed until 2026-01-11'],
    ['a sentence that ends with it and a full stop', 'The harbour opened on 11 Jan 2026.'],
    ['a span', '2026-01-11 – 2026-01-15: the harbour is closed.'],
    ['one that may be of two days', '03/04/2026 The tide was high.'],
    ['one that no calendar has', '2026-02-30 The tide was high.'],
    ['one alone in brackets behind a word', 'The oldest festival of the harbour (11 Jan 2026)'],
    ['a version', '10.0.2026 The tide table is out.'],
  ])('stays: %s', (_, text) => {
    expect(texts(`${text}\n${TIDES}\n${WINDS}`)).toEqual([text, TIDES, WINDS])
    expect(besides(`${text}\n${TIDES}\n${WINDS}`)).toEqual(['||', '||', '||'])
  })

  test('stays between words that most other lines do not have', () => {
    const odd = '2026-01-11 The tide was high.'
    expect(texts([TIDES, odd, WINDS].join('\n'))).toEqual([TIDES, odd, WINDS])
  })

  test.each([
    ['before titles', ['2026-01-13 Tides at night', '2026-01-14 Winds', '2026-01-15 Restarting helps']],
    ['behind titles', ['Tides at night 2026-01-13', 'Winds 2026-01-14', 'Restarting helps (2026-01-15)']],
  ])('is taken off: %s', (_, lines) => {
    expect(texts(lines.join('\n'))).toEqual(['Tides at night', 'Winds', 'Restarting helps'])
    expect(besides(lines.join('\n\n'))).toEqual(['||2026-1-13', '||2026-1-14', '||2026-1-15'])
  })

  test('is taken off where it touches Chinese', () => {
    const titles = ['港口的潮汐表', '怎样清理缓存']
    expect(texts(page(titles, (title, index) => `2026-01-1${index}${title}`))).toEqual(titles)
    expect(texts(page(titles, (title, index) => `${title}2026-01-1${index}`))).toEqual(titles)
  })
})

describe('a snippet of several lines', () => {
  test.each([40, 60, 72, 100])('is one, wrapped at %d columns', (width) => {
    expect(texts(page(ENGLISH, (text) => wrap(text, width), '\n\n'))).toEqual(ENGLISH)
    expect(texts(page(CHINESE, (text) => wrapChinese(text, width / 2), '\n\n'))).toEqual(CHINESE)
  })

  test.each([
    ['a number', (text: string, index: number) => wrap(`${index + 1}. ${text}`, 60)],
    [
      'a number, and is indented',
      (text: string, index: number) => wrap(`${index + 1}. ${text}`, 60).replaceAll('\n', '\n   '),
    ],
    ['a bullet', (text: string) => wrap(`• ${text}`, 60)],
    ['a date', (text: string, index: number) => wrap(`2026-01-1${index} ${text}`, 60)],
  ])('begins at %s, without blank lines', (_, line) => {
    expect(texts(`Latest\n${page(ENGLISH, line)}\n\n« 1 2 3 »\n`)).toEqual(ENGLISH)
  })

  test('goes on with a line that looks like a number or a date', () => {
    const year = 'The harbour kept its old table of the tides until the spring of 2026.'
    const day = 'The skipper goes home, and the harbour of the old town is closed until 11 Jan 2026.'
    const wrapped = [year.replace(' 2026', '\n2026'), day.replace(' 11', '\n11'), wrap(TIDES, 62), wrap(WINDS, 62)]
    expect(texts(wrapped.join('\n\n'))).toEqual([year, day, TIDES, WINDS])
  })

  test('ends before what the page says below', () => {
    expect(texts(page(ENGLISH, (text) => `${wrap(text, 60)}\nRead more\n3 comments`, '\n\n'))).toEqual(ENGLISH)
  })

  test('keeps the hyphen and the spaces of its author', () => {
    const spaced = '我们用 Docker 部署这个服务，用 Kubernetes 管理它，再用 Grafana 看着它，最后大家回家。'
    const lines = ['我们用 Docker 部署这个服务，用', 'Kubernetes 管理它，再用', 'Grafana 看着它，最后大家回家。']
    const others = page(CHINESE, (text) => wrapChinese(text, 15), '\n\n')
    expect(texts(`${lines.join('\n')}\n\n${others}`)).toEqual([spaced, ...CHINESE])
    const hyphen =
      'The harbour of the old town still has a state-of-the-art table of tides, and nobody who looks at it.'
    expect(texts(`${hyphen.replace('the-', 'the-\n')}\n\n${wrap(TIDES, 55)}`)).toEqual([hyphen, TIDES])
  })

  test.each([
    ['cut snippets between headings', `NLP\n${TIDES}..\n${WINDS}..\n\nC++\n${LOCKS}..\n${TABLE}…`, 4],
    [
      'snippets below wide headings',
      `Distributed systems\n${TIDES}\n${WINDS}\n\nMachine learning\n${LOCKS}\n${TABLE}`,
      4,
    ],
    ['titles', 'Tides at night\nWinds of the north\n\nA table of moons\nThe oldest harbour', 4],
    ['short and long snippets', `Restarting helps.\n${TIDES}\n\n${WINDS}\nIt is late.`, 4],
    ['even lines of Chinese', `${TABLE.slice(0, 30)}\n${CACHE.slice(0, 30)}\n${RING.slice(0, 30)}`, 3],
  ])('is none among %s', (_, listing, count) => expect(texts(listing)).toHaveLength(count))
})

describe('a block with a title', () => {
  const titles = ['How the tides work', 'Who knows the wind?', 'Locks and other promises']
  const chinese = ['潮汐表是什么意思', '怎样清理缓存', '环形缓冲区']

  test.each([
    ['title and text', (title: string, text: string) => `${title}\n${text}`, '', ''],
    ['title and wrapped text', (title: string, text: string) => `${title}\n${wrap(text, 60)}`, '', ''],
    ['title, date, text', (title: string, text: string) => `${title}\n2026-01-13\n${text}`, '', '2026-1-13'],
    ['date, title, text', (title: string, text: string) => `2026-01-13\n${title}\n${text}`, '', '2026-1-13'],
    [
      'title, date, category, text, more',
      (title: string, text: string) => `${title}\nJan 13, 2026 · Sea · 5 min read\n${text}\nRead more »\nShare`,
      'Sea',
      '2026-1-13',
    ],
    [
      'title, category, text, date',
      (title: string, text: string) => `${title}\nSea\n${text}\n13 Jan 2026`,
      'Sea',
      '2026-1-13',
    ],
    ['title with date', (title: string, text: string) => `${title} (13 Jan 2026)\n${text}`, '', '2026-1-13'],
    ['title with hashes', (title: string, text: string) => `## ${title}\n${text}`, '', ''],
    ['title with a rule below', (title: string, text: string) => `${title}\n=====\n${text}`, '', ''],
  ])('has %s', (_, block, category, date) => {
    for (const [snippets, heads] of [
      [ENGLISH, titles],
      [CHINESE, chinese],
    ] as const) {
      const listing = `Harbour\n\nLatest\n\n${page(snippets, (text, index) => block(heads[index] ?? '', text), '\n\n')}\n\n1 2 3 … 20`
      expect(texts(listing)).toEqual(snippets)
      expect(besides(listing)).toEqual(heads.map((title) => [title, category, date].join('|')))
    }
  })

  test.each([
    ['numbers', (title: string, text: string, index: number) => `${index + 1}. ${title}\n${text}`, '\n'],
    [
      'numbers and blank lines',
      (title: string, text: string, index: number) => `${index + 1}. ${title}\n${text}`,
      '\n\n',
    ],
    ['wide gaps', (title: string, text: string) => `${title}\n\n${text}`, '\n\n\n'],
    [
      'numbers and blank lines within',
      (title: string, text: string, index: number) => `${index + 1}) ${title}\n\n${text}`,
      '\n\n',
    ],
  ])('is told from others by %s', (_, block, gap) => {
    const listing = page(ENGLISH, (text, index) => block(titles[index] ?? '', text, index), gap)
    expect(besides(listing)).toEqual(titles.map((title) => `${title}||`))
    expect(texts(listing)).toEqual(ENGLISH)
  })

  test('has a title in capitals where all are', () => {
    const listing = page(
      ENGLISH,
      (text, index) => `${(titles[index] ?? '').toUpperCase()} OF OLD HARBOURS\n${text}`,
      '\n\n',
    )
    expect(besides(listing)).toEqual(titles.map((title) => `${title.toUpperCase()} OF OLD HARBOURS||`))
  })

  test.each([
    ['narrow labels', ['NLP', 'C++', 'Systems']],
    ['labels that come again', ['Distributed systems', 'Machine learning', 'Machine learning']],
    ['labels in capitals', ['DATA STRUCTURES', 'OPERATING SYSTEMS', 'THE SEA']],
    ['Chinese labels', ['数据结构', '工具', '机器学习']],
  ])('is none below %s, which are categories', (_, labels) => {
    const blocks = page(ENGLISH, (text, index) => `${labels[index] ?? ''}\n2026-01-13\n${text}`, '\n\n')
    expect(besides(blocks)).toEqual(labels.map((label) => `|${label}|2026-1-13`))
    const wrapped = page(ENGLISH, (text, index) => `${labels[index] ?? ''}\n${wrap(text, 60)}`, '\n\n')
    expect(texts(wrapped)).toEqual(ENGLISH)
  })

  test('may be missing now and then', () => {
    const listing = `${titles[0] ?? ''}\n${TIDES}\n\n${WINDS}\n\n${titles[2] ?? ''}\n${LOCKS}`
    expect(texts(listing)).toEqual(ENGLISH)
    expect(besides(listing)).toEqual(['How the tides work||', '||', 'Locks and other promises||'])
  })
})
