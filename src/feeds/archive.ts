/** How many entries an archive holds. */
export const ARCHIVE_SIZE = 50

/** The folder of an archive, numbered from the oldest. */
export function archiveFolder(n: number): string {
  return `archive/${String(n)}/`
}

/**
 * Which archives are to be closed, so that every entry stands in the feed or in an archive (RFC 5005, section 4):
 * fifty entries as soon as the feed need not hold any of them; fewer, when the feed has no room to wait for that.
 * @param open the numbers of the entries that no archive holds, ascending
 * @param room how many of the newest of them the feed has room for
 * @param wanted how many entries the feed is to hold when there is room
 * @returns the last number of each, in order
 */
export function archivesToClose(open: readonly number[], { room, wanted }: { room: number; wanted: number }): number[] {
  const closed: number[] = []
  let rest = open
  for (;;) {
    const size = sizeOfNext(rest.length, Math.min(room, wanted), room)
    const last = rest[size - 1]
    if (last === undefined) return closed
    closed.push(last)
    rest = rest.slice(size)
  }
}

function sizeOfNext(open: number, needed: number, room: number): number {
  if (open >= needed + ARCHIVE_SIZE) return ARCHIVE_SIZE
  // What would be in neither has to go now, and some with it, so that not every new entry closes an archive.
  return open > room ? Math.min(ARCHIVE_SIZE, Math.ceil(open / 2)) : 0
}
