/** Furniture is short; longer lines are not searched. */
const LONGEST = 160

const HAS_WORD = /[\p{L}\p{N}]/u
const AROUND = /^[^\p{L}\p{N}©]+|[^\p{L}\p{N}]+$/gu
const INVISIBLE = /[\u00AD\u200B-\u200F\u2060]/g

const HEADINGS = [
  'latest|latest updates|latest posts|latest articles|latest news|latest stories|latest entries|recent|recent updates',
  "recent posts|recent articles|recent entries|recent news|recent comments|new|new posts|new articles|what’s new|what's new",
  'all posts|all articles|posts|articles|stories|entries|archive|archives|updates|news|featured|featured posts|popular',
  'popular posts|most read|trending|top stories|related posts|related articles|related|you may also like|pinned|sticky',
  '最新|最新文章|最新更新|最新动态|最新发布|最新消息|最新博文|最新资讯|最新内容|最近|最近更新|最近文章|最近发布|近期文章|近期更新',
  '更新动态|动态|文章|博客|日志|资讯|新闻|列表|文章列表|所有文章|全部文章|全部|文章归档|归档|推荐|推荐阅读|热门|热门文章|精选|置顶|头条',
  '相关文章|相关阅读|猜你喜欢|随机文章|最新評論|最新评论|最近評論|最近评论|最新動態|最新發佈|最新發布|所有文章|全部文章|文章彙整|熱門文章|推薦閱讀',
]
const MORE = [
  'more|more posts|more articles|more stories|older posts|newer posts|older entries|newer entries|read more|read on',
  'read the rest|read full article|read full post|read full story|read the full article|read the full post|full story|full article',
  'continue|continue reading|keep reading|learn more|see more|see all|view more|view all|view post|view article|show more',
  'load more|load more posts|loading|load older posts|go to page|jump to|permalink|permanent link',
  '更多|更多文章|更多内容|阅读更多|阅读全文|阅读原文|阅读文章|查看全文|查看更多|查看详情|查看全部|继续阅读|了解更多|了解详情|加载更多|点击查看',
  '点击加载更多|展开全文|展开|全文|详情|正在加载|加载中|没有更多了|閱讀全文|閱讀更多|繼續閱讀|載入更多|查看更多|更多文章|跳转|跳至|永久链接',
]
const DOINGS = [
  'search|search this site|search the site|subscribe|subscribe now|subscribe via rss|subscribe via email|subscribe by email',
  'subscribe to our newsletter|subscribe to the newsletter|subscribe to feed|newsletter|sign up|sign in|log in|log out|login',
  'register|follow|follow us|follow me|share|share this|share this post|share this article|tweet|retweet|like|like this',
  'reply|comment|comments|leave a comment|leave a reply|add a comment|post a comment|no comments|comments off|print|email this',
  'copy link|save|bookmark|menu|toggle menu|toggle navigation|toggle theme|toggle dark mode|dark mode|light mode|close|skip to content',
  'skip to main content|back to top|top|scroll to top|accept|accept all|accept cookies|accept all cookies|decline|reject all|got it',
  'cookie settings|cookie policy|cookie preferences|manage cookies|advertisement|sponsored|all rights reserved|proudly powered by wordpress',
  '搜索|站内搜索|搜一搜|搜寻|订阅|订阅本站|邮件订阅|关注|关注我们|登录|注册|退出|分享|点赞|收藏|评论|回复|发表评论|发表回复|留言|暂无评论',
  '打印|复制链接|菜单|导航|返回顶部|回到顶部|顶部|关闭|跳到正文|跳至正文|跳至内容|夜间模式|深色模式|同意|接受|拒绝|广告|保留所有权利|版权所有',
  '搜尋|訂閱|登入|註冊|分享|留言|發表評論|回覆|選單|回到頂部|關閉|跳至主要內容|版權所有',
]
const PLACES = [
  'home|homepage|about|about us|about me|contact|contact us|blog|archive|archives|categories|category|tags|tag|topics|rss|rss feed',
  'atom|atom feed|feed|feeds|json feed|search|links|friends|projects|login|privacy|privacy policy|terms|terms of service|terms of use',
  'imprint|sitemap|site map|help|faq|github|twitter|mastodon|facebook|instagram|linkedin|youtube|weibo|wechat|telegram|english|中文',
  '首页|主页|关于|关于我|关于我们|关于本站|联系|联系我们|联系方式|博客|归档|分类|标签|标签云|友链|友情链接|链接|项目|留言板|隐私政策|服务条款',
  '网站地图|站点地图|帮助|微博|微信|微信公众号|知乎|简体中文|繁体中文|繁體中文|日本語|首頁|關於|關於我們|聯絡我們|分類|標籤|彙整|友站連結|隱私權政策',
]
const PLACE_NAMES = new Set(PLACES.flatMap((names) => names.split('|')))
const PHRASES = new Set([...HEADINGS, ...MORE, ...DOINGS, ...PLACES].flatMap((phrases) => phrases.split('|')))

const PAGER =
  /[\d\s….«»‹›<>←→|/·-]+|\b(?:prev|previous|next|older|newer|first|last|page|posts|of)\b|[上下前后後]一?[页頁]|[首尾末][页頁]|[第共页頁篇条條]/gu

const COUNTS: readonly RegExp[] = [
  /^(?:no|\d[\d,.]*k?) (?:comments?|replies|responses|views|reads|likes|shares|claps|reactions|results?)$/,
  /^(?:about |~ ?)?\d+ ?[-–]? ?min(?:ute)?s?\.?(?: of)? (?:read|reading|read time|reading time)$/,
  /^(?:estimated )?read(?:ing)? time:? (?:about |~ ?)?\d+ ?min(?:ute)?s?$/,
  /^(?:阅读|浏览|访问|点击|评论|留言|点赞|喜欢|收藏|分享|转发|字数|热度|閱讀|瀏覽|評論|回應)(?:量|数|次数|人数|數)?[ :\uFF1A(\uFF08]*[\d,.]+ ?[万萬kw]? ?[次条人字個个]?$/u,
  /^[\d,.]+ ?[万萬kw]? ?[次条個个人]?(?:阅读|浏览|访问|评论|留言|点赞|喜欢|收藏|回复|閱讀|瀏覽|評論|回應)$/u,
  /^(?:阅读时间|阅读时长|预计阅读|阅读|全文|共|约|大约|閱讀時間|約)?[ :\uFF1A约約]*\d+ ?(?:分钟|分鐘)(?:阅读|读完|閱讀)?$/u,
  /^[共约]?[ \d,.]+字(?:数)?$/u,
]
const PAGES: readonly RegExp[] = [
  /^(?:showing |results? )?\d+ ?(?:-|–|to) ?\d+ of \d+(?: (?:posts|articles|results|entries))?$/,
  /^(?:共|总计|全部|合计)[ \d]+[页篇条](?:文章|记录|结果|博文)?$/u,
  /^(?:continue reading|read more)(?: about)?:? ?["“‘'«].{1,100}["”’'»]?$/,
  /^(?:tags?|tagged|keywords|标签|標籤|关键词|关键字)[:\uFF1A] ?[^.。!?\uFF01\uFF1F]{1,100}$/u,
]
const FOOTERS: readonly RegExp[] = [
  /^(?:©|copyright (?:©|\(c\)|\d{4}))/,
  /\ball rights reserved$|^版权所有|版权所有$|保留所有权利$/u,
  /^(?:proudly )?powered by (?:[^\s,;!?]+ ?){1,5}$/,
  /^(?:theme|themed|design|designed|hosted) (?:by|on) (?:[^\s,;!?]+ ?){1,4}$/,
  /^(?:本站)?由 ?[^\s,。]{1,20} ?(?:强力驱动|驱动|提供支持)$/u,
  /^\p{sc=Han}icp[备證证備]?\d+号(?:-\d+)?$|^\p{sc=Han}{1,2}公网安备 ?\d+号$/u,
  /^(?:we|this (?:web)?site|our (?:web)?site) uses? cookies\b.*(?:experience|consent|accept|agree|continu|learn more|policy|settings|analy[sz]e)/,
  /^(?:本网?站|我们)使用 ?cookies?/u,
  /^(?:share|tweet|pin|email) (?:this )?(?:on|to|via|by) (?:twitter|x|facebook|linkedin|mastodon|bluesky|reddit|email|e-mail|whatsapp|telegram|weibo|wechat|pocket|hacker news)$/,
  /^分享(?:到|至) ?(?:微博|微信|朋友圈|qq|知乎|豆瓣|twitter|facebook)$/u,
]
/** What stands between the parts of a menu. */
const BETWEEN = /\s*[|·•\uFF5C»›→«‹←]\s*|\s+[/–—-]\s+|(?<=\p{sc=Han})\/(?=\p{sc=Han})/u

/** True for a line of the page that is no part of any article: a heading, a menu, page numbers, a rule, a footer. */
export function isFurniture(text: string): boolean {
  if (!HAS_WORD.test(text)) return true
  if (text.length > LONGEST) return false
  const shown = text.replace(INVISIBLE, '')
  const plain = shown.toLowerCase()
  if (isPhrase(plain) || isPager(plain) || FOOTERS.some((footer) => footer.test(inner(plain)))) return true
  const parts = plain.split(BETWEEN).filter((part) => HAS_WORD.test(part))
  return (parts.length > 1 && parts.every((part) => isPhrase(part) || isPager(part))) || isMenu(shown)
}

/** True for what stands beside a date and says nothing of the article: `5 min read`, `3 comments`. */
export function isNote(text: string): boolean {
  const plain = inner(text.toLowerCase())
  return COUNTS.some((count) => count.test(plain))
}

function isPhrase(plain: string): boolean {
  const words = inner(plain)
  return PHRASES.has(words) || isNote(words) || PAGES.some((form) => form.test(words))
}

function isPager(plain: string): boolean {
  return plain.replace(PAGER, '') === ''
}

/** `Home About RSS`: names of pages, of which each could begin a line. */
function isMenu(text: string): boolean {
  const names = text.split(' ')
  return names.length > 1 && names.every((name) => /^[^\p{Ll}]/u.test(name) && PLACE_NAMES.has(name.toLowerCase()))
}

function inner(text: string): string {
  return text.replace(AROUND, '')
}
