import { createHash } from 'node:crypto'

/** Raised whenever a change of the program reads other words from the same bytes. */
const READER = 3

/** What decides, besides its bytes, what is read from a file: two files of one recipe and one text say the same. */
export function recipeOf(...parts: readonly unknown[]): string {
  return createHash('sha256')
    .update(JSON.stringify([READER, ...parts]))
    .digest('base64url')
    .slice(0, 16)
}
