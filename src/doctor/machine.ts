import { note, fault, ok, type Finding } from './finding.ts'
import { minuteOf } from '../schedule.ts'

/** The oldest Node.js that it runs on; a test keeps it equal to `engines` of package.json. */
export const OLDEST_NODE = '20.19'

/** @param version such as `22.1.0` */
export function nodeFinding(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [leastMajor = 0, leastMinor = 0] = OLDEST_NODE.split('.').map(Number)
  return major > leastMajor || (major === leastMajor && minor >= leastMinor)
    ? ok(`Node.js ${version}`)
    : fault(`Node.js ${version} is too old`, `install Node.js ${OLDEST_NODE} or later`)
}

/** What the clock is held against; instants in milliseconds since 1970. */
export interface ClockReading {
  now: number
  /** The latest instant that the store knows of; null when it knows none. */
  latest: number | null
  /** `site.timezone`. */
  zone: string
  /** As the system has it. */
  systemZone: string
}

const BEFORE_US = Date.UTC(2025, 0)
/** Another process may have written while this one looks. */
const SLACK = 60_000

/** Whether the clock can be right. */
export function clockFinding({ now, latest, zone, systemZone }: ClockReading): Finding {
  const mend = 'set the clock of this machine, such as by NTP'
  const time = `${minuteOf(zone, now).replace('T', ' ')} in ${zone}`
  if (now < BEFORE_US) return fault(`The clock is wrong: ${time}`, mend)
  if (latest !== null && latest > now + SLACK) {
    const then = minuteOf(zone, latest).replace('T', ' ')
    return fault(`The clock (${time}) is behind what the store remembers (${then})`, mend)
  }
  return ok(systemZone === zone ? time : `${time} (this machine is in ${systemZone})`)
}

/** What is free on a disk. */
export interface FreeSpace {
  bytes: number
  /** Null where the file system does not count files. */
  files: number | null
}

const MEGABYTE = 1_000_000
const TOO_LITTLE = 100 * MEGABYTE
const LITTLE = 500 * MEGABYTE
const FEW_FILES = 1000

/** Whether a folder's disk has room for a run. */
export function spaceFinding(folder: string, { bytes, files }: FreeSpace): Finding {
  const room = `${Math.floor(bytes / MEGABYTE)} MB free on the disk of ${folder}`
  const mend = 'make room; what is there stays whole, but nothing new can be written'
  if (bytes < TOO_LITTLE) return fault(room, mend)
  if (files !== null && files < FEW_FILES) return fault(`Room for only ${files} files on the disk of ${folder}`, mend)
  return bytes < LITTLE ? note(room, 'make room before it gets full') : ok(room)
}
