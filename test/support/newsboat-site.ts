import { utimesSync } from 'node:fs'
import { join } from 'node:path'
import { putFile, tempFolder } from './folder.ts'
import { runAt } from './run-at.ts'
import { type StaticServer, serveFolder } from './static-server.ts'

/** Titles as they stand in front matter, and what a reader must see. */
const WRITTEN = [
  ['"Ebb & flow, 5 < 6 > 4"', 'Ebb & flow, 5 < 6 > 4'],
  ["'A lonely <b> and the sign &'", 'A lonely <b> and the sign &'],
  ["'How `<b>bold</b>` and `&amp;` are written'", 'How <b>bold</b> and &amp; are written'],
  ["'Twice escaped: &amp;lt;p&amp;gt; and &amp;amp;'", 'Twice escaped: &lt;p&gt; and &amp;'],
  [`"“Quotes”, \\"straight\\" and 'single'"`, `“Quotes”, "straight" and 'single'`],
  ["'潮汐：《港口》记录，第一章'", '潮汐：《港口》记录，第一章'],
  ["'Waves 🌊 and a family 👩‍👩‍👧'", 'Waves 🌊 and a family 👩‍👩‍👧'],
  ["'The end ]]> and <![CDATA[ of a part'", 'The end ]]> and <![CDATA[ of a part'],
  ['"Two\\nlines\\tand a ``tick ` in it``"', 'Two lines and a tick ` in it'],
  ["'المد والجزر في الميناء (port)'", 'المد والجزر في الميناء (port)'],
] as const

/** The titles of the articles, oldest first, as their author means them. */
export const TITLES: readonly string[] = WRITTEN.map(([, title]) => title)

/** The settings of the site; what they name is nowhere served. */
export const SETTINGS = `
site: { title: 'Tide & <Notes>', url: "https://tides.example.org/", author: { name: Ada } }
sources: [{ kind: markdown, name: notes, dir: articles, link: "https://tides.example.org/{slug}/" }]
`
const LINE = 'The harbour master reads the gauge at noon and writes the level into a book with a stiff green cover. '

/** Writes article N of a site; each has another date and body. */
export function putArticle(dir: string, n: number, title: string): void {
  const date = `2026-09-${String(n + 1).padStart(2, '0')}`
  putFile(dir, `articles/note-${n}.md`, `---\ntitle: ${title}\ndate: ${date}\n---\nNote ${n}. ${LINE.repeat(n + 1)}\n`)
}

/**
 * Runs the job; the files that it writes bear the time of the run. libcurl, and newsboat with it, throws away what is not
 * newer by Last-Modified than what it has, be the ETag another one; and runs of a test share a second.
 */
export async function publishAt(dir: string, moment: string): Promise<void> {
  const { published } = await runAt(dir, moment)
  for (const path of published.written) utimesSync(join(dir, 'public', path), new Date(moment), new Date(moment))
}

/** A site with an article for each of the titles, published on 1 November 2026, and the server of its documents. */
export async function servedSite(): Promise<{ dir: string; server: StaticServer }> {
  const dir = tempFolder({ 'feedwire.config.yaml': SETTINGS })
  WRITTEN.forEach(([title], n) => putArticle(dir, n, title))
  await publishAt(dir, '2026-11-01T12:00:00Z')
  return { dir, server: await serveFolder(join(dir, 'public')) }
}
