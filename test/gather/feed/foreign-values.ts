/** What titles and articles say. */
export const TEXTS = [
  ...['Tides', 'Fish & chips', 'a < b and c > d', 'It’s “fine” — quite', 'Café crème', 'Über Öl', 'naïve'],
  ...['x < y', 'AT&T', '1 + 1 = 2', '50 %', 'C++ & C#', 'She said "no"', "don't", 'R&D', '  spaced   out  ', 'two\nlines'],
  ...['<b>Bold</b> words', 'An <em>odd</em> <i>one</i>', 'Q&A', 'a &amp; b', 'The &lt;div&gt; element', '€ 5', '5 > 4', '—'],
] // prettier-ignore

/** Addresses; `#` is a number. */
export const LINKS = [
  ...['http://a.example/#', 'https://a.example/p/#.html', 'http://a.example/?p=#', 'http://a.example/?a=1&b=#'],
  ...['/root/#', 'relative/#', '../up/#', '//other.example/#', 'HTTP://A.example/#', 'http://a.example/#?x=%20y'],
  ...['http://a.example/a b/#', 'http://münchen.example/#', 'http://a.example/ö/#', ' http://a.example/pad/# ', '\n http://a.example/lines/#\n'],
] // prettier-ignore

/** Ids; `#` is a number. */
export const GUIDS = [
  ...['http://a.example/id/#', 'tag:a.example,2026:#', 'urn:uuid:00000000-0000-4000-8000-00000000000#', '#', 'post-#'],
  ...['a & b #', 'https://a.example/?p=#&c=1', '  padded-#  ', 'Mixed-Case-#', 'id with blanks #'],
] // prettier-ignore

/** Dates as people and programs write them; feedparser reads them, or finds none in them, as we do. */
export const DATES = [
  ...['Sun, 11 Jan 2026 08:00:00 GMT', 'Sun, 11 Jan 2026 08:00:00 +0100', 'Sun, 11 Jan 2026 08:00:00 -0530', '11 Jan 2026 08:00:00 GMT'],
  ...['Sun, 11 Jan 2026 08:00:00 EST', 'Sun, 11 Jan 2026 08:00:00 PDT', 'Sun, 11 Jan 2026 08:00 GMT', 'Sun, 1 Feb 2026 8:05:09 GMT'],
  ...['Sun, 11 Jan 26 08:00:00 GMT', 'Mon, 11 Jan 2026 08:00:00 GMT', 'Sunday, 11 January 2026 08:00:00 GMT', 'Sun, 11 Jan 2026'],
  ...['2026-01-11T08:00:00Z', '2026-01-11T08:00:00+01:00', '2026-01-11T08:00:00.123Z', '2026-01-11T08:00Z', '2026-01-11', '2026-01', '2026'],
  ...['2026-01-11 08:00:00', '2026-01-11T08:00:00', '2026-01-11T08:00:00+0100', '2026-01-11 08:00:00 +0100', '20260111'],
  ...['2026-01-11T08:00:00 Z', '2026-01-11T24:00:00Z', '2026-1-1T08:00:00Z', 'Sun Jan 11 08:00:00 2026', 'Sun Jan 11 08:00:00 UTC 2026'],
  ...['Sun, 11 Jan 2026 08:00:00 GMT+0100', 'Sun, 11 Jan 2026 08:00:00 UT', 'Sun, 11 Jan 2026 08:00:00 Z'],
  ...['Sun,  11  Jan  2026  08:00:00  GMT', ' Sun, 11 Jan 2026 08:00:00 GMT ', 'sun, 11 jan 2026 08:00:00 gmt'],
  ...['Sun, 31 Feb 2026 08:00:00 GMT', 'Sun, 11 Jan 2026 25:00:00 GMT', 'yesterday', 'n/a', '2026-01-11T08:00:00-00:00'],
  ...['Sun, 11 Jan 2026 08:00:00 +01:00', 'Sun, Jan 11 2026 08:00:00 GMT'],
  ...['Sun, 11 Jan 2026 08:00:00 MET', 'Sun, 11 Sept 2026 08:00:00 GMT'],
  ...['2026-01-11T08:00:00+01', '2026-01-11T08:00:00,5Z', '2026-01-11t08:00:00z'],
] // prettier-ignore
