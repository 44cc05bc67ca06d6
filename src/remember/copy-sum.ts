import { hash } from 'node:crypto'
import type { Row } from './copy-pages.ts'

/** What a table holds, in short. */
export interface TableSum {
  rows: number
  /** The SHA-256 of all rows, added up: it is the same in whatever order they are read. */
  hash: bigint
}

/** What a table holds with some more rows. */
export function addRows({ rows, hash: sum }: TableSum, more: readonly Row[]): TableSum {
  const columns = Object.keys(more[0] ?? {}).sort()
  const hashes = more.map((row) => BigInt(`0x${hash('sha256', JSON.stringify(columns.map((name) => row[name])))}`))
  return { rows: rows + more.length, hash: hashes.reduce((total, one) => total + one, sum) }
}

/** A table without rows. */
export const NO_ROWS: TableSum = { rows: 0, hash: 0n }
