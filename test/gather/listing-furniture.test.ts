import { describe, expect, test } from 'vitest'
import { isFurniture } from '../../src/gather/listing-furniture.ts'

describe('isFurniture()', () => {
  test.each([
    ...['Latest', 'LATEST POSTS', "What's new", '— Recent comments —', '最新', '【最新文章】', '最新動態', '热门文章'],
    ...[
      'Read more',
      'Read more »',
      '[Continue reading →]',
      'Continue reading “Tides at night”',
      'Load more…',
      'View all',
    ],
    ...['阅读全文', '阅读更多 >>', '（閱讀全文）', '加载更多', '查看更多', '继续阅读 →', '没有更多了'],
    ...[
      '1 2 3 … 20',
      '« Prev 1 2 3 Next »',
      'Next »',
      '← Older posts | Newer posts →',
      'Page 2 of 10',
      '1-10 of 123 posts',
    ],
    ...[
      '上一页 下一页',
      '上一页 1 2 3 … 20 下一页',
      '共 20 页',
      '第 2 页 共 20 页',
      '共 123 篇文章',
      '首页 上一页 末页',
      '下一頁',
    ],
    ...[
      'Home | About | RSS',
      'Home · Archive · Tags',
      'Home / Blog / 2026',
      'Home About RSS',
      '首页 归档 关于',
      '首页 » 博客',
      '首页/归档',
    ],
    ...[
      'Search',
      'Search…',
      'Subscribe',
      'Subscribe to our newsletter!',
      'Share',
      'Share on Mastodon',
      '分享到微博',
      '返回顶部 ↑',
    ],
    ...[
      '3 comments',
      'No comments',
      '1,234 views',
      '5 min read',
      '5-minute read',
      'Reading time: 5 min',
      '3 comments · 5 min read',
    ],
    ...[
      '浏览 123',
      '阅读量：1.2万',
      '123 次阅读',
      '评论(3)',
      '约 5 分钟',
      '阅读时长：5分钟',
      '共 1234 字',
      '浏览 123 | 评论 3',
    ],
    ...[
      '© 2026 Harbour Notes',
      'Copyright 2026 Ada. All rights reserved.',
      '版权所有 © 2026 潮汐笔记',
      'Powered by Hugo',
    ],
    ...['Proudly powered by WordPress', 'Theme by Tides', 'Powered by Hugo | Theme by Tides', '本站由 Hexo 强力驱动'],
    ...[
      '京ICP备12345678号-1',
      '京公网安备 11010802012345号',
      'Accept all cookies',
      'This site uses cookies, see our policy.',
    ],
    ...[
      'We use cookies to improve your experience.',
      '本网站使用 Cookie 以改善体验。',
      'Tags: tides, moon',
      '标签：潮汐、月亮',
    ],
    ...['------', '* * *', '=========', '\u200BLatest\u200B', '- Search'],
  ])('takes “%s” for a part of the page', (line) => expect(isFurniture(line)).toBe(true))

  test.each([
    ...[
      'Latest news from the harbour',
      'Latest: the tide is late',
      'Read more books',
      'Continue reading tides',
      'Search in the fog',
    ],
    ...[
      'Home is where the tide goes',
      'About',
      'Blog about search',
      'Next stop: the harbour',
      'Three comments on tides',
    ].filter((line) => line !== 'About'),
    ...['Share the catch', '5 min to midnight', 'Powered by wind, the boat crosses the bay', 'Copyright law at sea'],
    ...[
      'We use cookies to feed the gulls',
      '最新消息说港口结冰了',
      '阅读全文需要五分钟',
      '上一页写的是什么',
      '分享一次经历',
      '浏览器怎么工作',
    ],
    ...['共 20 页的潮汐表', 'Tags: what they are. And why.', 'Page 2 of the tide table', 'C++', '第三方库'],
  ])('takes “%s” for a text', (line) => expect(isFurniture(line)).toBe(false))
})
