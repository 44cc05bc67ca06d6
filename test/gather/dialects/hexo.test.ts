import { describe, expect, test } from 'vitest'
import { OURS, dialectOf, linkIn } from '../../support/dialect-site.ts'

const STARTER = 'url: https://sea.example.net\npermalink: :year/:month/:day/:title/\nsource_dir: source\n'
const config = (more: string): Record<string, string> => ({ '_config.yml': `source_dir: source\n${more}` })

describe('of a site as hexo init makes it', () => {
  const hexo = dialectOf({ '_config.yml': `${STARTER}timezone: Asia/Shanghai\n` })

  for (const [says, path, data, link] of [
    ['day and name', 'hello.md', { date: '2021-03-05 23:30:00' }, '2021/03/05/hello/'],
    ['folders of the name', 'lorem/hello.md', { date: '2021-03-05' }, '2021/03/05/lorem/hello/'],
    ['Chinese names', '潮汐 表.md', { date: '2021-03-05' }, '2021/03/05/%E6%BD%AE%E6%B1%90%20%E8%A1%A8/'],
    ['names with % and #', '50% #1.md', { date: '2021-03-05' }, '2021/03/05/50%25%20%231/'],
    ['the UTC day of a date with a zone', 'a.md', { date: '2021-03-05 01:00:00 +08:00' }, '2021/03/04/a/'],
    ['the own day of a zone without a colon', 'a.md', { date: '2021-03-05 01:00:00 +0800' }, '2021/03/05/a/'],
    ['the own day of a zone without seconds', 'a.md', { date: '2021-03-05 01:00 +08:00' }, '2021/03/05/a/'],
    ['a permalink', 'a.md', { permalink: 'sea/tides.html' }, 'sea/tides.html'],
    ['a permalink from the root on', 'a.md', { permalink: '/sea/' }, 'sea/'],
    ['a permalink that would leave the site', 'a.md', { permalink: '../../sea/' }, 'sea/'],
  ] as const) {
    test(`a link has ${says}`, () => {
      expect(linkIn(hexo, `source/_posts/${path}`, data)).toBe(`https://sea.example.net/${link}`)
    })
  }

  for (const [says, path, reason] of [
    ['a post', 'source/_posts/a.md', null],
    ['a draft', 'source/_drafts/a.md', null],
    ['a page', 'source/about/index.md', "Hexo's posts are the files in source/_posts"],
    ['a file of a theme', 'themes/next/README.md', "Hexo's posts are the files in source/_posts"],
    ['a hidden post', 'source/_posts/_a.md', 'Hexo passes over names that begin with "_" or "."'],
  ] as const) {
    test(`passesOver() tells of ${says}`, () => expect(hexo.passesOver(path)).toBe(reason))
  }

  test('a file of _drafts is a draft', () => {
    expect(hexo.ofPath('source/_drafts/a.md').isDraft).toBe(true)
    expect(hexo.ofPath('source/_posts/a.md').isDraft).toBe(false)
  })

  test('no link is made of a date that is not there', () => {
    expect(linkIn(hexo, 'source/_posts/a.md', {})).toBeNull()
  })

  test('a permalink that is a script is no link', () => {
    expect(linkIn(hexo, 'source/_posts/a.md', { permalink: 'javascript:alert(1)' })).toBeNull()
  })

  test('only a permalink of the article is written', () => {
    const about = { path: 'source/_posts/a.md', title: 'A', date: null, categories: [] }
    expect(hexo.linkOf({ ...about, data: { permalink: 'a/' } })?.isWritten).toBe(true)
    expect(hexo.linkOf({ ...about, data: {}, date: { kind: 'day', year: 2021, month: 3, day: 5 } })).toEqual({
      url: 'https://sea.example.net/2021/03/05/a/',
      from: 'permalink of _config.yml',
      isWritten: false,
    })
  })
})

describe('the parts of a permalink', () => {
  const date = '2021-03-05 09:08:07'
  for (const [permalink, path, data, link] of [
    [':title.html', 'a.md', {}, 'a.html'],
    [':name/', 'x/a.md', {}, 'a/'],
    [':post_title/', 'a.md', { title: 'Tides & Wind: Été' }, 'tides-wind-ete/'],
    [':i_month-:i_day/:hour:minute:second', 'a.md', { date }, '3-5/090807'],
    [':timestamp/', 'a.md', { date }, '1614906487/'],
    [':title-:hash/', 'a.md', { date }, 'a-9e728dc872c4/'],
    ['posts/:abbrlink/', 'a.md', { abbrlink: '3f2a' }, 'posts/3f2a/'],
    ['posts/:abbrlink/', 'a.md', {}, null],
    [':urlName.html', 'a.md', { urlname: 'sea' }, 'sea.html'],
    [':id/', 'a.md', { id: '7' }, '7/'],
    [':lang/:title/', 'a.md', {}, 'en/a/'],
    [':lang/:title/', 'a.md', { lang: 'zh' }, 'zh/a/'],
    [':category/:title/', 'a.md', {}, 'none/a/'],
    [':category/:title/', 'a.md', { categories: '海 洋' }, '%E6%B5%B7-%E6%B4%8B/a/'],
    [':category/:title/', 'a.md', { categories: ['Sea', 'Tides'] }, 'ocean/Tides/a/'],
    [':category/:title/', 'a.md', { categories: [['Sea', 'Tides'], ['Wind']] }, 'Wind/a/'],
    [':constructor/', 'a.md', {}, null],
    [':::::', 'a.md', {}, ':::::'],
    ['../../:title/', 'a.md', {}, 'a/'],
  ] as const) {
    test(`${permalink} with ${JSON.stringify(data)} makes ${link}`, () => {
      const more = 'default_category: none\ncategory_map: { Sea: ocean }\npermalink_defaults: { lang: en }'
      const hexo = dialectOf(
        config(`url: https://sea.example.net/blog\ntimezone: Asia/Shanghai\n${more}\npermalink: "${permalink}"`),
      )
      const url = linkIn(hexo, `source/_posts/${path}`, data)
      expect(url).toBe(link === null ? null : `https://sea.example.net/blog/${link}`)
    })
  }
})

describe('new_post_name', () => {
  for (const [pattern, path, title, day] of [
    [':year-:month-:day-:title.md', '2021-03-05-tides.md', 'tides', 5],
    [':year-:month-:day-:title.md', 'tides and wind.md', 'tides-and-wind', null],
    [':year/:i_month/:title.md', '2021/3/tides.md', 'tides', null],
    [':title.md', '2021-03-05-tides.md', '2021-03-05-tides', 5],
    [':a:b:c:d:e:title.md', 'x/tides.md', 'x-tides', null],
    ['((((', 'tides.md', 'tides', null],
  ] as const) {
    test(`${pattern} reads ${path}`, () => {
      const hexo = dialectOf(config(`new_post_name: "${pattern}"\npermalink: :title/`))
      expect(linkIn(hexo, `source/_posts/${path}`, {})).toBe(`${OURS}${title}/`)
      const { date } = hexo.ofPath(`source/_posts/${path}`)
      expect(date?.kind === 'day' ? date.day : null).toBe(day)
    })
  }
})

describe('the base of links', () => {
  for (const [says, more, base] of [
    ['the url', 'url: https://sea.example.net', 'https://sea.example.net/'],
    ['the url with its folder', 'url: https://sea.example.net/blog/\nroot: /blog/', 'https://sea.example.net/blog/'],
    [
      'the root where the url has no folder',
      'url: https://sea.example.net\nroot: /blog/',
      'https://sea.example.net/blog/',
    ],
    ['ours for a placeholder', 'url: http://example.com', OURS],
    ['ours for another placeholder', 'url: http://yoursite.com/child\nroot: /child/', OURS],
    ['ours for this machine', 'url: http://localhost:4000', OURS],
    ['ours without one', '', OURS],
    ['ours for a script', 'url: "javascript:alert(1)"', OURS],
    ['ours for a list', 'url: [a, b]', OURS],
  ] as const) {
    test(`is ${says}`, () => {
      expect(linkIn(dialectOf(config(`${more}\npermalink: :title/`)), 'source/_posts/a.md', {})).toBe(`${base}a/`)
    })
  }

  test.each([
    ['trailing_index: false', 'a/index.html', 'a/'],
    ['trailing_html: false', 'a.html', 'a'],
    ['trailing_html: false', 'a/index.html', 'a/index.html'],
  ])('pretty_urls with %s makes %s %s', (switched, permalink, link) => {
    const hexo = dialectOf(config(`pretty_urls:\n  ${switched}`))
    expect(linkIn(hexo, 'source/_posts/a.md', { permalink })).toBe(`${OURS}${link}`)
  })
})

describe('the source may be', () => {
  for (const [says, dir, path, data, link] of [
    ['the root', '', 'source/_posts/a.md', {}, 'a/'],
    ['source', 'source', '_posts/a.md', {}, 'a/'],
    ['_posts', 'source/_posts', 'a.md', {}, 'a/'],
    ['a folder in _posts', 'source/_posts/2021', 'a.md', {}, '2021/a/'],
    ['a folder of pages', 'source/notes', 'tides.md', {}, 'notes/tides.html'],
    ['a folder of pages with an index', 'source/notes', 'sea/index.md', {}, 'notes/sea/index.html'],
  ] as const) {
    test(says, () => {
      const hexo = dialectOf(config('permalink: :title/'), dir)
      expect(hexo.name).toBe('hexo')
      expect(hexo.passesOver(path)).toBeNull()
      expect(linkIn(hexo, path, data)).toBe(`${OURS}${link}`)
    })
  }

  test('with drafts beside the posts', () => {
    const hexo = dialectOf(config(''), 'source')
    expect(hexo.passesOver('_drafts/a.md')).toBeNull()
    expect(hexo.ofPath('_drafts/a.md').isDraft).toBe(true)
  })
})

test('a hash is that of the example in the documentation of Hexo', () => {
  const hexo = dialectOf(config('timezone: UTC\npermalink: :title-:hash/'))
  const link = linkIn(hexo, 'source/_posts/hello-world.md', { date: '2013-07-14 17:01:34' })
  expect(link).toBe(`${OURS}hello-world-a2c8ac003b43/`)
})

test('skip_render leaves posts out', () => {
  const hexo = dialectOf(config('skip_render:\n  - "_posts/raw/**"\n  - _posts/one.md'))
  expect(hexo.passesOver('source/_posts/raw/a/b.md')).toBe('skip_render names it')
  expect(hexo.passesOver('source/_posts/one.md')).toBe('skip_render names it')
  expect(hexo.passesOver('source/_posts/two.md')).toBeNull()
})

test('names in Chinese have no link where a plugin spells them in Latin letters', () => {
  const hexo = dialectOf(config('permalink: :title/\npermalink_pinyin: { enable: true }'))
  expect(linkIn(hexo, 'source/_posts/潮.md', {})).toBeNull()
  expect(linkIn(hexo, 'source/_posts/sea.md', {})).toBe(`${OURS}sea/`)
})

test('a zone that does not exist is a warning, and none', () => {
  const hexo = dialectOf(config('timezone: Mars/Olympus'))
  expect(hexo.zone).toBeNull()
  expect(hexo.problems).toMatchObject([{ code: 'site-config-invalid', severity: 'warning', where: '_config.yml' }])
})

describe('a password of the site', () => {
  const rules = '[{name: 日记, password: moon}, {name: open, password: ""}, sea]'
  const hexo = dialectOf(config(`encrypt:\n  tags: ${rules}\n`))
  for (const [says, data, isLocked] of [
    ['its tag', { tags: ['sea', '日记'] }, true],
    ['its tag alone', { tag: '日记' }, true],
    ['other tags', { tags: ['sea'] }, false],
    ['a tag without a password', { tags: ['open'] }, false],
    ['no tags', {}, false],
  ] as const) {
    test(`isLocked() of an article with ${says}`, () => expect(hexo.isLocked?.(data)).toBe(isLocked))
  }
})

describe('a cover image is looked for', () => {
  const site = 'url: https://sea.example.net\nroot: /blog/\n'
  const hexo = dialectOf(config(site))
  const folders = dialectOf(config(`${site}post_asset_folder: true\n`))
  test('from the root on', () => expect(hexo.imageBase?.('a.md', 'a.png')).toBe('https://sea.example.net/blog/'))
  test('in the folder of the post', () => {
    expect(folders.imageBase?.('a.md', 'a.png')).toBeNull()
    expect(folders.imageBase?.('a.md', 'img/a.png')).toBe('https://sea.example.net/blog/')
  })
})
