import { putFile } from './folder.ts'

/** Settings of a site about gauges, whose articles stand in `articles`; `more` stands beside or in place of them. */
export function gaugeSettings(dir: string, more: Record<string, unknown> = {}): void {
  const settings = {
    site: { title: 'Tide Notes', url: 'https://tides.example.org/' },
    sources: [{ kind: 'markdown', dir: 'articles', link: 'https://tides.example.org/{slug}/' }],
    ...more,
  }
  putFile(dir, 'feedwire.config.yaml', JSON.stringify(settings))
}

/** Writes an article about a gauge; `head` holds further lines of front matter. */
export function writeGauge(dir: string, name: string, head: readonly string[] = [], folder = 'articles'): void {
  const text = `The gauge at the ${name} stands in the harbour since the year of the great flood; it is read at noon.`
  putFile(dir, `${folder}/${name}.md`, ['---', `title: The ${name} gauge`, ...head, '---', text, ''].join('\n'))
}

/** The gauges that a letter's text tells of, sorted. */
export function gaugesIn(text: string): string[] {
  return [...text.matchAll(/^The (\S+) gauge$/gm)].map(([, name = '']) => name).sort()
}
