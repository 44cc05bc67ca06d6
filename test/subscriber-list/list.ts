import { type OpenList, type ListRow, openList } from '../../src/subscriber-list/read.ts'
import type { Standing } from '../../src/subscriber-list/tools.ts'

export const NOW = Date.UTC(2026, 0, 31)

/** Opens a list in a file of this name; texts are in English and Chinese, and those of the site are English. */
export function open(text: string | Uint8Array, name = 'list.csv', given: Standing | null = null): Promise<OpenList> {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(Buffer.from(text))
  }
  const languageOf = (tag: string): string | null => (tag.startsWith('zh') ? 'zh' : null)
  return openList(bytes(), { place: name, name, given, now: NOW, languageOf })
}

/** All rows of a list. */
export async function rowsOf(text: string | Uint8Array, name?: string, given?: Standing): Promise<ListRow[]> {
  const rows: ListRow[] = []
  for await (const some of (await open(text, name, given)).rows) rows.push(...some)
  return rows
}

/** What is read of each row, in short: `ann@example.net active bounced`, or what is wrong with it. */
export async function readersOf(text: string | Uint8Array, name?: string, given?: Standing): Promise<string[]> {
  return (await rowsOf(text, name, given)).map((row) => {
    if (row.kind === 'unconfirmed') return 'unconfirmed'
    if (row.kind === 'bad') return `${row.problem.where ?? ''} ${row.problem.code}`
    const { address, state, suppression } = row.reader
    return [address, state, suppression?.reason].filter((word) => word !== undefined).join(' ')
  })
}
