import pg from 'pg'

const { builtins } = pg.types

/** Counts, sums and instants of the server are numbers, as those of SQLite; one that would lose digits is refused. */
function wholeNumber(text: string): number {
  const number = Number(text)
  if (Number.isInteger(number) && !Number.isSafeInteger(number)) throw new RangeError(`${text} is too large a number`)
  return number
}

/** How values of the server become ours: both databases then give the same. */
export const columnTypes = new pg.TypeOverrides()
columnTypes.setTypeParser(builtins.INT8, wholeNumber)
columnTypes.setTypeParser(builtins.NUMERIC, wholeNumber)
columnTypes.setTypeParser(builtins.BOOL, (text) => (text === 't' ? 1 : 0))
