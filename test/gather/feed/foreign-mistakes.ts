type Mistake = (text: string) => string

const NEXT = /<(item|at:entry|entry)\b/
const HEAD = /<(?:rss|rdf:RDF|feed|at:feed)\b[^>]*>/

const before =
  (form: RegExp, added: string): Mistake =>
  (text) =>
    text.replace(form, (found) => `${added}${found}`)
const behind =
  (form: RegExp, added: string): Mistake =>
  (text) =>
    text.replace(form, (found) => `${found}${added}`)
const put =
  (form: RegExp, ...by: string[]): Mistake =>
  (text) =>
    text.replace(form, by[0] ?? '')
const inEach = (added: string): Mistake => behind(/<(?:item|at:entry|entry)\b[^>]*>/g, added)
/** Of Atom and of RSS one has each of these. */
const END = /<\/(?:item|at:entry|entry)>/

/** What people and programs do wrong or oddly in a feed. */
export const MISTAKES: Readonly<Record<string, Mistake>> = {
  ...encodingMistakes(),
  ...endMistakes(),
  ...nameMistakes(),
  ...surroundingMistakes(),
  ...textMistakes(),
  ...fieldMistakes(),
  ...addressMistakes(),
}

function encodingMistakes(): Record<string, Mistake> {
  return {
    'no XML declaration': put(/<\?xml[^>]*\?>\n/),
    'no encoding declared': put(/ encoding="[^"]*"/),
    'a wrong encoding declared': put(/ encoding="[^"]*"/, ' encoding="utf-16"'),
    'Latin-1 declared': put(/ encoding="[^"]*"/, ' encoding="ISO-8859-1"'),
    'an unknown encoding declared': put(/ encoding="[^"]*"/, ' encoding="klingon"'),
    'XML 1.1': put(/version="1.0"/, 'version="1.1"'),
    'a byte order mark': (text) => `\uFEFF${text}`,
    'Windows lines': (text) => text.replace(/\n/g, '\r\n'),
    'Mac lines': (text) => text.replace(/\n/g, '\r'),
    'no lines': (text) => text.replace(/>\n</g, '><'),
    'control characters': behind(/<(?:at:)?title[^>]*>/g, '\u0007'),
    'a NUL': behind(/<(?:at:)?title[^>]*>/g, '\0'),
    'an unpaired surrogate reference': behind(/<(?:at:)?title[^>]*>/g, '&#xD800;'),
  }
}

function endMistakes(): Record<string, Mistake> {
  return {
    'no end of a title': put(/<\/title>(?=\n<link)/),
    'no end of a description': put(/<\/(?:description|summary|content)>(?=[^]*?<\/(?:item|entry))/),
    'no end of an item': put(/<\/(?:item|entry|at:entry)>/),
    'no end of any item': put(/<\/(?:item|entry|at:entry)>/g),
    'no end of a link': put(/<\/link>(?!\n<desc)/),
    'no end of an id': put(/<\/(?:guid|id)>(?=\n<)/),
    'no end of the feed': put(/(?:<\/channel>\n)?<\/(?:rss|rdf:RDF|feed|at:feed)>/),
    'cut off': (text) => text.slice(0, Math.floor(text.length * 0.8)),
    'the end tag of something else': before(END, '</b>'),
    'a crossed pair of tags': put(/<\/title>\n(<link>[^<]*)<\/link>(?!\n<desc)/, '</link></title>'),
    'an unclosed CDATA section': put(/\]\]>/),
    'a stray end of CDATA': behind(/<(?:at:)?title[^>]*>/g, ']]>'),
  }
}

function nameMistakes(): Record<string, Mistake> {
  const prefixed = (from: string, to: string): Mistake => (text) =>
    text.replaceAll(`xmlns:${from}=`, `xmlns:${to}=`).replaceAll(`<${from}:`, `<${to}:`).replaceAll(`</${from}:`, `</${to}:`).replaceAll(` ${from}:about`, ` ${to}:about`) // prettier-ignore
  return {
    'tags in capitals': (text) => text.replace(/<\/?[a-z:]+/gi, (tag) => tag.toUpperCase()),
    'tags with a capital': (text) =>
      text.replace(
        /(<\/?(?:at:)?)([a-z])(?=[a-z]*[ >])/g,
        (_, open: string, first: string) => open + first.toUpperCase(),
      ),
    'namespaces that nobody declared': put(/ xmlns(?::[a-z]+)?="[^"]*"/g),
    'prefixes that nobody declared': put(/ xmlns:[a-z]+="[^"]*"/g),
    'namespaces of https': (text) => text.replace(/(xmlns[^=]*="http):/g, '$1s:'),
    'namespaces in capitals': (text) =>
      text.replace(/(xmlns[^=]*=")([^"]*)/g, (_, name: string, uri: string) => name + uri.toUpperCase()),
    'namespaces of something else': (text) => text.replace(/(xmlns=")[^"]*/g, '$1http://unknown.example/'),
    'another prefix for Dublin Core': prefixed('dc', 'dublin'),
    'another prefix for content': prefixed('content', 'body'),
    'another prefix for RDF': prefixed('rdf', 'r'),
    'attributes in capitals': (text) => text.replace(/ (?:isPermaLink|href|rel|type)=/g, (name) => name.toUpperCase()),
    'attributes in single quotes': (text) => text.replace(/="([^"']*)"/g, "='$1'"),
    'attributes without quotes': (text) => text.replace(/ (href|rel|isPermaLink)="([^"\s>]*)"/g, ' $1=$2'),
    'spaces about the equals sign': (text) => text.replace(/ (href|rel|isPermaLink)="/g, ' $1 = "'),
    'spaces within tags': (text) => text.replace(/<\/(title|link|item|entry|guid)>/g, '</$1 >'),
    'lines within tags': (text) => text.replace(/<(item|entry|link|guid)(?=[ >])/g, '<$1\n'),
    'an attribute twice': put(/ isPermaLink="false"/g, ' isPermaLink="false" isPermaLink="false"'),
    'a version of its own': put(/<rss version="[^"]*"/, '<rss version="3.7"'),
  }
}

function surroundingMistakes(): Record<string, Mistake> {
  return {
    'blank lines before': (text) => `\n\n  ${text}`,
    'a warning of PHP before': (text) => `<br />\n<b>Warning</b>: no such file in <b>/x.php</b><br />\n${text}`,
    'words before': (text) => `Hello\n${text}`,
    'a comment before': (text) => `<!-- <rss><item> made & cached -->\n${text}`,
    'words behind': (text) => `${text}\nHello & goodbye`,
    'a comment behind': (text) => `${text}\n<!-- 0.12 s -->`,
    'HTML behind': (text) => `${text}\n<script>if (a < b && c) {}</script><p>bye`,
    'the feed twice': (text) => text + text,
    'a page around': (text) => `<html><body>${text}</body></html>`,
    'a stylesheet': before(HEAD, '<?xml-stylesheet type="text/xsl" href="/x.xsl"?>\n'),
    'a DOCTYPE': before(
      HEAD,
      '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">\n',
    ),
    'a declared entity': (text) =>
      behind(/<(?:at:)?title[^>]*>/g, '&who; ')(before(HEAD, '<!DOCTYPE rss [\n<!ENTITY who "Ada">\n]>\n')(text)),
    'a declared entity of markup': (text) =>
      behind(
        /<(?:at:)?title[^>]*>/g,
        '&who; ',
      )(before(HEAD, '<!DOCTYPE rss [\n<!ENTITY who "&#233;">\n<!ENTITY nbsp "&#160;">\n]>\n')(text)),
    'comments between': before(/\n<(?:item|entry|link|guid)\b/g, '<!-- <item> & -- -->'),
    'comments within': behind(/<(?:at:)?title[^>]*>/g, '<!-- a > b -->'),
    'instructions between': before(/<(?:item|entry)\b/g, '<?php echo "<item>" ?>\n'),
    'words between items': before(NEXT, 'words &amp; such '),
    'items outside the channel': (text) =>
      text
        .replace(/<\/channel>\n(?=<\/rss)/, '')
        .replace(/(?<=<description>About<\/description>)\n(?=<item)/, '\n</channel>\n'),
    'no channel': put(/<\/?channel>\n/g),
    'no root': put(/<\/?rss[^>]*>\n/g),
    'items within a list': (text) => text.replace(/<item>[^]*<\/item>/, (items) => `<items>${items}</items>`),
  }
}

function textMistakes(): Record<string, Mistake> {
  return {
    'bare ampersands': (text) => text.replace(/&amp;/g, '&'),
    'bare angle brackets': (text) => text.replace(/&lt;(?![a-z/])/g, '<'),
    'unescaped HTML': (text) => text.replace(/&lt;(\/?[a-z]+)&gt;/g, '<$1>'),
    'entities of HTML': behind(/<(?:at:)?title[^>]*>/g, '&eacute;&nbsp;&hellip; '),
    'entities of nobody': behind(/<(?:at:)?title[^>]*>/g, '&bogus; '),
    'entities without an end': behind(/<(?:at:)?title[^>]*>/g, '&copy 2026 &eacute '),
    'references without an end': behind(/<(?:at:)?title[^>]*>/g, '&#8217 '),
    'references to windows-1252': behind(/<(?:at:)?title[^>]*>/g, '&#146;&#x93; '),
    'references to nothing': behind(/<(?:at:)?title[^>]*>/g, '&#0;&#x110000; '),
    'escaped once too often': (text) => text.replace(/&(amp|lt|gt|quot);/g, '&amp;$1;'),
    'open elements in a body': behind(/<(?:description|summary|content|content:encoded)[^>]*>(?!<)/g, '<p>one<br>two<p>three'),
    'escaped open elements': behind(/<(?:description|summary|content|content:encoded)[^>]*>(?!<)/g, '&lt;p&gt;one&lt;br&gt;two'),
    'a table in a body': behind(/<(?:description|summary|content|content:encoded)[^>]*>(?!<)/g, '<table><tr><td><title>x</title></td></tr></table>'),
    'CDATA about each field': (text) => text.replace(/<(link|guid|pubDate|id|updated|dc:date)([^>/]*)>([^<]+)</g, '<$1$2><![CDATA[$3]]><'),
    'CDATA within CDATA': put(/<!\[CDATA\[/g, '<![CDATA[<![CDATA['),
    'CDATA in pieces': behind(/<title[^>]*>/g, 'a <![CDATA[b & c]]> d '),
    'a wrong type': (text) => text.replace(/<title>/g, '<title type="application/octet-stream">'),
    'plain text said to be HTML': (text) => text.replace(/<title>/g, '<title type="html">'),
    'HTML said to be text': (text) => text.replace(/type="html"/g, 'type="text"'),
  } // prettier-ignore
}

function fieldMistakes(): Record<string, Mistake> {
  return {
    'empty titles': put(/<title>[^<]*<\/title>(?!\n<link>https:\/\/feed)/g, '<title/>'),
    'a title in Dublin Core': (text) => text.replace(/(?<=<item[^>]*>\n)<title>([^]*?)<\/title>/g, '<dc:title>$1</dc:title>'),
    'a title in Dublin Core before': inEach('<dc:title>Dublin</dc:title>\n'),
    'a title of iTunes before': inEach('<itunes:title>Podcast</itunes:title>\n'),
    'a title of Media RSS before': inEach('<media:title xmlns:media="http://search.yahoo.com/mrss/">Film</media:title>\n'),
    'a group of media': inEach('<media:group xmlns:media="http://search.yahoo.com/mrss/"><media:title>Film</media:title><media:content url="http://m.example/1.mp4" type="video/mp4"/><media:description>About</media:description></media:group>\n'),
    'a title of Media RSS behind': before(END, '<media:content xmlns:media="http://search.yahoo.com/mrss/" url="http://m.example/1.jpg"><media:title>Film</media:title></media:content>\n'),
    'a second title': before(END, '<title>Second</title>\n'),
    'a second link': before(END, '<link>http://second.example/</link>\n'),
    'a second id': before(END, '<guid isPermaLink="false">second</guid>\n'),
    'a link of Atom': inEach('<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="self" href="http://self.example/"/>\n'),
    'a link of Atom that nobody declared': inEach('<atom:link href="http://self.example/" rel="self"/>\n'),
    'an alternate link of Atom behind': before(END, '<atom:link xmlns:atom="http://www.w3.org/2005/Atom" href="http://alternate.example/"/>\n'),
    'links with relations': inEach('<link rel="self" href="http://self.example/"/><link rel="edit" href="http://edit.example/"/><link rel="replies" type="text/html" href="http://replies.example/"/>\n'),
    'an alternate of another type': inEach('<link rel="alternate" type="application/json" href="http://json.example/"/>\n'),
    'a source': before(END, '<source><title>Elsewhere</title><link href="http://source.example/"/><id>urn:source</id><updated>2001-01-01T00:00:00Z</updated></source>\n'),
    'a source of RSS': inEach('<source url="http://source.example/feed">Elsewhere</source>\n'),
    'a picture with a title': inEach('<image><title>Picture</title><link>http://picture.example/</link><url>http://picture.example/1.png</url></image>\n'),
    'a picture of the channel': before(NEXT, '<image><title>Logo</title><url>http://logo.example/1.png</url><link>http://logo.example/</link></image>\n'),
    'a form of the channel': before(NEXT, '<textInput><title>Search</title><name>q</name><link>http://search.example/</link></textInput>\n'),
    'an author with fields': inEach('<author><name>Cleo</name><title>Captain</title><url>http://cleo.example/</url></author>\n'),
    'an item within an item': before(END, '<item><title>Inner</title></item>\n'),
    'an empty item': before(NEXT, '<item></item>\n'),
    'an item twice': (text) => text.replace(/<(item|entry)\b[^]*?<\/\1>\n?/, (found) => found + found),
    'the same id for all': (text) => text.replace(/<(guid|id)([^>]*)>[^<]*<\/\1>(?=[^]*<\/(?:item|entry)>)/g, '<$1$2>same</$1>'),
    'comments and enclosures': before(END, '<comments>http://a.example/comments</comments><enclosure url="http://a.example/1.mp3" type="audio/mpeg" length="1"/>\n'),
    'several dates': before(END, '<pubDate>Sat, 10 Jan 2026 00:00:00 GMT</pubDate>\n'),
    'dates of Dublin Core besides': before(END, '<dc:date xmlns:dc="http://purl.org/dc/elements/1.1/">2026-01-10T00:00:00Z</dc:date>\n'),
    'an update of Atom in RSS': before(END, '<a10:updated xmlns:a10="http://www.w3.org/2005/Atom">2026-01-10T00:00:00Z</a10:updated>\n'),
    'empty dates': (text) => text.replace(/<(pubDate|updated|published|dc:date)>[^<]*</g, '<$1><'),
    'unknown elements': inEach('<x:y xmlns:x="http://x.example/"><x:title>X</x:title><x:link>http://x.example/</x:link></x:y>\n'),
  } // prettier-ignore
}

function addressMistakes(): Record<string, Mistake> {
  return {
    'a base': (text) => text.replace(HEAD, (head) => head.replace(/>$/, ' xml:base="http://base.example/dir/">')),
    'a relative base of items': (text) => text.replace(/<(item|entry)(?=[ >])/g, '<$1 xml:base="sub/"'),
    'bases within bases': (text) => text.replace(HEAD, (head) => head.replace(/>$/, ' xml:base="http://base.example/dir/">')).replace(/<(item|entry)(?=[ >])/g, '<$1 xml:base="sub/"'),
    'guids that are permalinks': put(/ isPermaLink="false"/g),
    'guids that say False': put(/ isPermaLink="false"/g, ' isPermaLink="False"'),
    'guids that say nothing': (text) => text.replace(/<link>[^<]*<\/link>\n(?!<desc[^>]*>About)/g, ''),
    'no links and permalinks': (text) => text.replace(/<link>[^<]*<\/link>\n(?!<desc[^>]*>About)/g, '').replace(/ isPermaLink="false"/g, ' isPermaLink="true"'),
    'links in attributes': (text) => text.replace(/<link>([^<]*)<\/link>\n(?!<desc[^>]*>About)/g, '<link href="$1"/>\n'),
    'links behind an empty element': (text) => text.replace(/<link>([^<]*)<\/link>\n(?!<desc[^>]*>About)/g, '<link/>$1\n'),
    'scripts for links': (text) => text.replace(/http:\/\/a\.example\/(?=\d)/g, 'javascript:alert(1)//'),
    'links of other schemes': (text) => text.replace(/http:\/\/a\.example\/(?=\d)/g, 'gopher://a.example/'),
    'links within the page': (text) => text.replace(/http:\/\/a\.example\/(?=\d)/g, '#part-'),
    'links with blanks': (text) => text.replace(/http:\/\/a\.example\/(?=\d)/g, 'http://a.example/a b/'),
    'links without a scheme': (text) => text.replace(/http:\/\/a\.example\/(?=\d)/g, 'www.a.example/'),
    'links with a port and a user': (text) => text.replace(/http:\/\/a\.example\/(?=\d)/g, 'http://u:p@a.example:8080/'),
  } // prettier-ignore
}
