import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** True when a store is a database on a PostgreSQL server; else its place is the path of a file. */
export function isServer(place: string): boolean {
  return /^postgres(?:ql)?:\/\//.test(place)
}

/** What a person is told of the place of a store: neither user nor password. */
export function placeName(place: string): string {
  if (!isServer(place)) return place
  const { host, pathname } = new URL(place)
  return `postgres://${host}${pathname}`
}

/** False when there is certainly no store; what a server holds is only known once it is asked. */
export function mayStand(place: string): boolean {
  return isServer(place) || existsSync(place)
}

/** What the settings say of where a store is; `dir` is their folder. */
export interface StorePlace {
  database: string
  dir: string
}

/** The folder for what stands beside a store; that of one on a server is the folder of the settings. */
export function folderBeside({ database, dir }: StorePlace): string {
  return isServer(database) ? dir : dirname(database)
}

/** A file beside a store, named after it. */
export function fileBeside({ database, dir }: StorePlace, ending: string): string {
  return isServer(database) ? join(dir, `feedwire${ending}`) : `${database}${ending}`
}
