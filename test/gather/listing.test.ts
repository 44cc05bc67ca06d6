import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseListing } from '../../src/gather/listing.ts'
import { openingTitle } from '../../src/gather/listing-title.ts'

const SITE = 'INCOMING TRANSMISSION'
const fixtures = new URL('../fixtures/listings/', import.meta.url)
const captures = new URL('../../../shared/seeds/', import.meta.url)

const LONG = `Tides follow the moon, and a table of them is the oldest schedule that people still use. ${'More. '.repeat(30)}`
const DAY = { kind: 'day', year: 2026, month: 1, day: 11 } as const

function read(name: string, from = fixtures) {
  return parseListing(readFileSync(new URL(name, from), 'utf8'), SITE).entries
}

/** What a listing says, in short: `[category|]day of the month|]first word`. */
function said(text: string): string[] {
  return parseListing(text, SITE).entries.map(({ category, date, text }) => {
    const day = date?.kind === 'day' ? `${date.day}` : null
    return [category, day, text.split(' ')[0]].filter((part) => part !== null).join('|')
  })
}

describe('parseListing()', () => {
  test.each([
    ['finds no entry in an empty file', '', []],
    ['takes banner, heading and page numbers for no entries', `${SITE}\n\nLATEST UPDATES\n${LONG}\n1 2`, ['Tides']],
    ['knows headings in Chinese', `最新文章\n${LONG}\n最近更新\n${LONG}`, ['Tides', 'Tides']],
    ['knows headings in mixed case', `Latest posts\n${LONG}`, ['Tides']],
    ['knows a heading within signs', `## Latest Updates ##\n${LONG}`, ['Tides']],
    ['takes a line in capitals for a heading', `WHAT THE TIDE BROUGHT\n${LONG}`, ['Tides']],
    [
      'takes a line in capitals above a date for a category',
      `DATA STRUCTURES\n2026-01-11\n${LONG}`,
      ['DATA STRUCTURES|11|Tides'],
    ],
    ['takes a long row of page numbers for no entry', `${LONG}\n« ‹ 1 2 3 … 20 › »`, ['Tides']],
    ['takes page words for no entry', `上一页 1 2 下一页\n第 1 页 / 共 3 页\nNext page →\n${LONG}`, ['Tides']],
    ['takes a rule for no entry', `${LONG}\n------\n${LONG}`, ['Tides', 'Tides']],
    ['keeps two equal snippets', `${LONG}\n${LONG}`, ['Tides', 'Tides']],
    [
      'keeps a snippet of one short sentence',
      `${LONG}\nRestart it, then wait a minute.\n${LONG}`,
      ['Tides', 'Restart', 'Tides'],
    ],
    ['keeps a short line that stands apart', `Restarting helps\n\n${LONG}`, ['Restarting', 'Tides']],
    ['keeps a snippet that mentions a date', `On 2026-01-11 the tide was high.\n${LONG}`, ['On', 'Tides']],
    ['keeps a loud sentence', `DO NOT PANIC!\n${LONG}`, ['DO', 'Tides']],
    ['gives a category to the snippet below', `${LONG}\nNLP\n${LONG}`, ['Tides', 'NLP|Tides']],
    ['gives category and date to the snippet below', `${LONG}\nNLP\n2026-01-11\n${LONG}`, ['Tides', 'NLP|11|Tides']],
    ['takes the date first', `2026-01-11\nNLP\n${LONG}`, ['NLP|11|Tides']],
    ['takes the date first above capitals', `2026-01-11\nDATA STRUCTURES\n${LONG}`, ['DATA STRUCTURES|11|Tides']],
    ['takes category and date on one line', `NLP · 2026-01-11\n${LONG}`, ['NLP|11|Tides']],
    ['takes date and category on one line', `2026/1/11 | C++\n${LONG}`, ['C++|11|Tides']],
    ['takes a word of publishing for no category', `发布于 2026-01-11\n${LONG}`, ['11|Tides']],
    ['gives a date across a blank line', `2026-01-11\n\n${LONG}`, ['11|Tides']],
    ['gives a date to one snippet only', `NLP\n2026-01-11\n${LONG}\n${LONG}`, ['NLP|11|Tides', 'Tides']],
    [
      'keeps a short snippet between two dates',
      `2026-01-11\nRestarting helps\n2026-01-12\n${LONG}`,
      ['11|Restarting', '12|Tides'],
    ],
    ['takes an impossible date for no entry', `2021-02-30\n${LONG}\n2021年13月1日\n${LONG}`, ['Tides', 'Tides']],
    ['keeps the category above an impossible date', `NLP\n2021-02-30\n${LONG}`, ['NLP|Tides']],
    ['lets a date at the end be', `${LONG}\nNLP\n2026-01-11`, ['Tides']],
    ['takes a date that may be of two days for no entry', `03/04/2026\n${LONG}`, ['Tides']],
    [
      'gives dates to the snippets above',
      `${LONG}\nNLP · 2026-01-11\n${LONG}\n2026-01-12`,
      ['NLP|11|Tides', '12|Tides'],
    ],
    ['reads a named category', `Filed under: Harbour\n${LONG}\n分类：工具\n${LONG}`, ['Harbour|Tides', '工具|Tides']],
    ['takes the end of a sentence for no category', `Closed until 2026-01-11\n\n${LONG}`, ['Closed', 'Tides']],
    ['parts lines at form feeds', `Latest\f${LONG}\f1 2 3 … 20`, ['Tides']],
    ['sees through what takes no room', `\u200BLatest\u200B\n\u200B\n${LONG}`, ['Tides']],
    ['reads old Mac line ends', `LATEST UPDATES\r${LONG}\r1 2\r`, ['Tides']],
  ])('%s', (_, text, entries) => expect(said(text)).toEqual(entries))

  test.each([
    '2026-01-11',
    '2026/1/11',
    '2026.01.11',
    '2026年1月11日',
    '2026 年 1 月 11 日',
    '2026-01-11 09:30',
    '2026-01-11T09:30:00Z',
    '11 January 2026',
    '11th of Jan 2026',
    '11-Jan-2026',
    'Sunday, January 11, 2026',
    'Jan. 11th, 2026 at 9:30 am',
    '11.01.2026',
    '2026年1月11日（星期日）09:30',
    'Posted on 11 Jan 2026',
    'By Ada Lovelace · Jan 11, 2026 · 5 min read · 3 comments',
    '发布于 2026年1月11日 · 浏览 123',
  ])('reads the date line %s', (line) =>
    expect(parseListing(`${line}\n${LONG}`, SITE).entries).toMatchObject([{ line: 2, date: DAY }]),
  )

  test('takes the title of the site for no entry, whatever it is', () => {
    expect(parseListing(`The Tide  Table\n${LONG}`, 'The Tide Table').entries).toMatchObject([
      { line: 2, category: null },
    ])
  })

  test('normalises a snippet', () => {
    const { entries } = parseListing('\uFEFFThe cafe\u0301\0 \u00A0is\tclosed\u0007. \r\n', SITE)
    expect(entries).toMatchObject([{ line: 1, text: 'The caf\u00E9 is closed.' }])
  })

  test('reads a page saved on Windows', () => {
    const text = '端口被占用时\uFF0C先看看是不是上一个进程还没退出。'
    const date = { kind: 'day', year: 2026, month: 11, day: 2 }
    expect(read('windows.txt')).toEqual([{ line: 7, text, title: text, titleGuessed: true, category: '工具', date }])
  })

  test('reads our captures from the top', () => {
    expect(
      ['2026-10-04.txt', '2026-10-18.txt', '2026-11-01.txt'].map((name) => read(name).map(({ line }) => line)),
    ).toEqual([
      [4, 5, 6],
      [4, 6, 7],
      [4, 7, 8, 10],
    ])
    expect(read('2026-11-01.txt').map(({ category }) => category)).toEqual([null, '数据结构', null, 'Systems'])
  })

  test.runIf(existsSync(captures))('reads the captures of a real site', () => {
    const counts = readdirSync(captures)
      .filter((name) => name.endsWith('.txt'))
      .sort()
      .map((name) => read(name, captures).length)
    expect(counts).toEqual([9, 12, 12, 12, 12])
  })

  test('makes a bounded title of a line of megabytes', () => {
    const [entry] = parseListing('潮'.repeat(1_000_000), SITE).entries
    expect(entry?.title).toBe(`${'潮'.repeat(29)}…`)
    expect(entry?.text.length).toBe(1_000_000)
  })
})

describe('openingTitle()', () => {
  test.each([
    ['keeps a short text whole', 'Restart it, then wait.', 'Restart it, then wait.'],
    [
      'cuts between words',
      'A lock that the kernel holds is free the moment its process dies, however it dies.',
      'A lock that the kernel holds is free the moment its process…',
    ],
    ['cuts a long word by grapheme', `${'x'.repeat(58)}👨‍👩‍👧‍👦${'y'.repeat(9)}`, `${'x'.repeat(58)}…`],
    ['never cuts a placeholder', `${'潮'.repeat(27)} [Math] 潮汐表`, `${'潮'.repeat(27)}…`],
    ['keeps a placeholder that fits', `${'潮'.repeat(25)} [Math] ${'汐'.repeat(9)}`, `${'潮'.repeat(25)} [Math]…`],
    ['leaves no comma before the ellipsis', `${'潮'.repeat(28)}\uFF0C潮汐表`, `${'潮'.repeat(28)}…`],
    ['takes a heading of its own', '环形缓冲区 环形缓冲区用一块固定大小的数组存放数据。', '环形缓冲区'],
    ['takes a numbered heading', '1. 什么是潮汐表 潮汐表是最早的定时任务。', '1. 什么是潮汐表'],
    ['takes a question for a heading', '1.锁有什么用? 两个进程同时写一个文件。', '1.锁有什么用?'],
    ['takes a heading that ends in Latin', '怎样摘掉Cache 缓存里最难的是什么时候扔掉。', '怎样摘掉Cache'],
    ['takes no clause for a heading', '众所周知\uFF0C缓存很快 但也很难', '众所周知\uFF0C缓存很快 但也很难'],
    ['takes no spaced prose for a heading', '我们现在使用 Docker 部署这个服务。', '我们现在使用 Docker 部署这个服务。'],
    [
      'takes no words before a formula for a heading',
      '设缓冲区的容量为 [Math]\uFF0C则',
      '设缓冲区的容量为 [Math]\uFF0C则',
    ],
    ['adds words to a generic heading', '概述 潮汐表是最早的定时任务。', '概述\uFF1A潮汐表是最早的定时任务。'],
    ['adds words to a generic heading behind an emoji', '💡 引言 锁很简单。', '💡 引言\uFF1A锁很简单。'],
    ['adds words to a generic heading in English', 'Overview A lock looks simple.', 'Overview: A lock looks simple.'],
    ['leaves a longer English heading alone', 'Introduction to tides', 'Introduction to tides'],
    ['keeps a generic heading that is all there is', '概述', '概述'],
    ['names even nothing', ' \u0000 ', 'Untitled'],
    ['passes over a grapheme of hundreds of parts', `${'👩\u200D'.repeat(150)}👩 tide`, 'tide'],
  ])('%s', (_, text, title) => expect(openingTitle(text)).toBe(title))
})
