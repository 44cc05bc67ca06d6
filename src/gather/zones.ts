import type { Instant } from '../entry.ts'
import { zoneOffset } from '../schedule.ts'

const MINUTE = 60_000
const DAY = 1_440 * MINUTE

/**
 * The instant at which a clock in an IANA zone shows `wall` (milliseconds, as if the clock's reading were UTC).
 * A reading that the clock skips is one after the gap, of a reading that it shows twice the first counts. (TZDate
 * answers these differently from machine to machine.)
 */
export function instantIn(zone: string, wall: number): Instant {
  const before = zoneOffset(zone, wall - DAY)
  const after = zoneOffset(zone, wall + DAY)
  if (before === after) return wall - before
  const shown = [wall - before, wall - after].filter((at) => at + zoneOffset(zone, at) === wall)
  return shown.length === 0 ? wall - before : Math.min(...shown)
}

/**
 * Minutes ahead of UTC by the abbreviations that people write. Of several the one that the site's own zone has at that
 * time is meant, else the first: CST is China's time on a site in China, and Chicago's anywhere else.
 */
const ABBREVIATIONS: Readonly<Record<string, readonly [number, ...number[]]>> = {
  ...{ z: [0], ut: [0], utc: [0], gmt: [0], wet: [0], west: [60], bst: [60, 360], ist: [330, 60, 120] },
  ...{ cet: [60], cest: [120], met: [60], mest: [120], mez: [60], mesz: [120], eet: [120], eest: [180], msk: [180] },
  ...{ cst: [-360, 480], cdt: [-300, 540], est: [-300, 600], edt: [-240, 660], mst: [-420, 480], mdt: [-360] },
  ...{ pst: [-480, 480], pdt: [-420], ast: [-240, 180], adt: [-180], nst: [-210], ndt: [-150], hst: [-600] },
  ...{ akst: [-540], akdt: [-480], brt: [-180], art: [-180], clt: [-240], sast: [120], cat: [120], eat: [180] },
  ...{ hkt: [480], sgt: [480], pht: [480], wib: [420], ict: [420], jst: [540], kst: [540], 北京时间: [480] },
  ...{ aest: [600], aedt: [660], acst: [570], acdt: [630], awst: [480], nzst: [720], nzdt: [780], 东八区: [480] },
}

const OFFSET = /^(?:utc|gmt|ut)? ?([+-])(\d{1,2})(?::?([0-5]\d))?$/
const IANA = /^[a-z]+(?:_[a-z]+)*(?:\/[a-z0-9]+(?:[_+-][a-z0-9]+)*){1,2}$/

/**
 * The instant of a clock's reading with the zone that is written beside it: `Z`, `+08:00`, `+8`, `UTC+8`, `CEST`,
 * `Asia/Shanghai`; null when it is none.
 * @param written in lower case
 * @param site IANA zone of the site
 */
export function instantInWritten(written: string, wall: number, site: string): Instant | null {
  const offset = OFFSET.exec(written)
  if (offset !== null) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3] ?? 0)
    if (minutes > 14 * 60) return null
    return wall - (offset[1] === '-' ? -minutes : minutes) * MINUTE
  }
  const known = Object.hasOwn(ABBREVIATIONS, written) ? ABBREVIATIONS[written] : undefined
  if (known !== undefined) return wall - nearest(known, wall, site) * MINUTE
  if (!IANA.test(written)) return null
  const at = instantIn(written, wall)
  return Number.isNaN(at) ? null : at
}

function nearest(minutes: readonly [number, ...number[]], wall: number, site: string): number {
  if (minutes.length === 1) return minutes[0]
  const own = (wall - instantIn(site, wall)) / MINUTE
  return minutes.find((one) => one === own) ?? minutes[0]
}
