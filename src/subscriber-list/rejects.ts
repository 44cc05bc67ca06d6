import { problemText } from '../problem.ts'
import type { BadRow, OpenList } from './read.ts'
import { OWN_STATE } from './tools.ts'
import { csvLines, newPrivateFile } from './write.ts'

/** A file of records that cannot be read, which can be mended and imported. */
export interface Rejects {
  add: (bad: BadRow) => void
  finish: () => void
  /** Leaves what was there. */
  drop: () => void
}

/**
 * Begins the file of rejects of a list: its columns, and one more that says what is wrong. What is true of the whole list
 * stands in each record, as the file has another name.
 * @throws {Problem} `argument-file` when it cannot be written
 */
export function startRejects(path: string, list: OpenList): Rejects {
  const { write, finish, drop } = newPrivateFile(path)
  const names = namesOf(list)
  if (names.length > 0) write(csvLines([[...names, 'problem']]))
  return {
    add: ({ cells, problem }) => {
      write(csvLines([[...recordOf(cells, list), problemText(problem)]]))
    },
    finish,
    drop,
  }
}

/** The state comes first: a comma too many in a record cannot shift it. */
function namesOf({ header, columns: { everybody } }: OpenList): readonly string[] {
  if (everybody === null) return header
  return [OWN_STATE, ...(header.length > 0 ? header : ['email', 'beside'])]
}

function recordOf(cells: readonly string[], { header, columns: { everybody, places } }: OpenList): readonly string[] {
  if (everybody === null) return cells
  if (header.length > 0) return [everybody, ...cells]
  const at = places.address?.[0] ?? 0
  return [everybody, cells[at] ?? '', cells.filter((_, place) => place !== at).join(', ')]
}
