import { isIP } from 'node:net'
import { z } from 'zod'
import { Problem } from './problem.ts'
import { checkZone } from './schedule.ts'
import { type EmailAddress, parseEmailAddress } from './subscriber.ts'
import { parseUrl } from './web-address.ts'

/** Text of one line. */
export const line = z
  .string()
  .trim()
  .min(1, 'is empty')
  .refine((text) => !/[\u0000-\u001f\u007f]/.test(text), 'holds a control character')

/** Runs one of our own parsers; its Problem becomes a fault of the setting. */
export function parsedBy<T, S extends string = string>(parse: (text: S) => T) {
  return (text: S, context: z.RefinementCtx): T => {
    try {
      return parse(text)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      context.addIssue({ code: 'custom', message: `${error.message}; ${error.mend}` })
      return z.NEVER
    }
  }
}

export function webUrl(text: string): string {
  const url = parseUrl(text)
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new Problem('url-malformed', `"${text}" is not a web address`, { mend: 'write it as https://example.org/' })
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    const mend = 'leave out user, password, query and fragment'
    throw new Problem('url-malformed', 'holds more than a plain web address', { mend })
  }
  return url.href.endsWith('/') ? url.href : `${url.href}/`
}

/** True for the URL of a database whose parts can be told. */
export function namesDatabase(text: string): boolean {
  const url = parseUrl(text)
  try {
    return url !== null && decodeURIComponent(url.href) !== '' && url.pathname.length > 1
  } catch (error) {
    if (!(error instanceof URIError)) throw error
    return false
  }
}

/** An address of a file or an endpoint; it may have a query. */
export function resourceUrl(text: string): string {
  const url = parseUrl(text)
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.username + url.password + url.hash !== '') {
    const mend = 'write it in full, such as https://example.org/icon.png'
    throw new Problem('url-malformed', `"${text}" is not a web address`, { mend })
  }
  return url.href
}

/** The address of somebody else's page or feed. */
export function remoteUrl(text: string): string {
  const url = parseUrl(text)
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.username + url.password !== '') {
    // The text may hold a password, so it is not repeated.
    const mend = 'write it in full and without a password, such as https://blog.example.org/feed.xml'
    throw new Problem('url-malformed', 'is not the address of a page or feed', { mend })
  }
  url.hash = ''
  return url.href
}

/** A host that may be asked although it is not public: a name, an address or a subnet. */
export function askable(text: string): string {
  const host = text.trim().replace(/^\[(.*)\]$/, '$1')
  if (/^(?!.*\.$)[a-z0-9_](?:[a-z0-9._-]{0,252})$/i.test(host) && !/^[\d.]+$/.test(host)) return host.toLowerCase()
  try {
    return subnet(host)
  } catch (cause) {
    const mend = 'write the name of a host, an address or a subnet, such as nas.local or 10.0.0.0/8'
    throw new Problem('allow-malformed', `"${text}" is not a host or subnet`, { mend, cause })
  }
}

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Milliseconds of `90m`, `2h` or `1d`; at most so many days. */
export function duration(text: string, mostDays = 30): number {
  const [, amount = '', unit = ''] = /^(\d{1,5}) ?([mhd])$/.exec(text.trim()) ?? []
  const length = Number(amount) * (unit === 'm' || unit === 'h' || unit === 'd' ? UNITS[unit] : NaN)
  if (amount !== '' && length <= mostDays * UNITS.d) return length
  const mend = `write minutes, hours or days, at most ${mostDays}d, such as 30m, 2h or 1d`
  throw new Problem('duration-malformed', `"${text}" is not such a time`, { mend })
}

const PERIODS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Milliseconds from one letter to the next at `10/s`, `100/m`, `500/h` or `2000/d`. */
export function interval(text: string): number {
  const [, count = '', unit = ''] = /^([1-9]\d{0,6}) ?\/ ?([smhd])$/.exec(text.trim()) ?? []
  const isPeriod = (name: string): name is keyof typeof PERIODS => Object.hasOwn(PERIODS, name)
  const milliseconds = isPeriod(unit) ? PERIODS[unit] / Number(count) : 0
  if (milliseconds >= 5) return milliseconds
  const mend = 'write letters a second, minute, hour or day, at most 200/s, such as 10/s or 500/h'
  throw new Problem('rate-malformed', `"${text}" is not a rate`, { mend })
}

/** The domain of recipients as addresses have it: ASCII, lower-cased. */
export function domain(text: string): string {
  try {
    return parseEmailAddress(`x@${text}`).slice(2)
  } catch (cause) {
    const mend = 'write it as it stands behind the "@", such as gmail.com'
    throw new Problem('domain-malformed', `"${text}" is not a domain`, { mend, cause })
  }
}

export function smtpUrl(text: string): URL {
  const url = parseUrl(text)
  if (url === null || !['smtp:', 'smtps:'].includes(url.protocol) || url.hostname === '') {
    // The text may hold a password, so it is not repeated.
    const mend = 'write it as smtp://user:password@mail.example.org:587 or smtps://…:465'
    throw new Problem('smtp-url-malformed', 'is not the address of a mail server', { mend })
  }
  return url
}

/** What comes behind the local part for bounces: `+b.DIGEST.READER.TOKEN`. */
const RETURN_SUFFIX = 44

/** With the suffix, a local part may have 64 octets and an address 254 (RFC 5321, section 4.5.3.1). */
export function checkReturn(text: EmailAddress): EmailAddress {
  const longest = 64 - RETURN_SUFFIX
  const local = text.slice(0, text.lastIndexOf('@'))
  const mend = 'take a shorter address, such as bounces@example.org'
  if (local.length > longest || !/^[\x21-\x7e]+$/.test(local)) {
    const message = `has more than ${longest} characters before the "@", or others than ASCII`
    throw new Problem('return-unusable', message, { mend })
  }
  if (text.length + RETURN_SUFFIX > 254) {
    throw new Problem('return-unusable', `has more than ${254 - RETURN_SUFFIX} characters`, { mend })
  }
  return text
}

export function languageTag(text: string): string {
  try {
    return Intl.getCanonicalLocales(text)[0] ?? text
  } catch (cause) {
    throw new Problem('language-unknown', `"${text}" is not a language tag`, { mend: 'write en or zh-CN', cause })
  }
}

export function zone(text: string): string {
  checkZone(text)
  return text
}

/** Minute and hour of `08:30`, as a cron line has them: `30 8`. */
export function timeOfDay(text: string): string {
  const [, hour = '', minute = ''] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text.trim()) ?? []
  if (hour !== '') return `${Number(minute)} ${Number(hour)}`
  throw new Problem('time-malformed', `"${text}" is not a time of day`, { mend: 'write it as "08:30"' })
}

/** A DKIM selector or domain: labels of ASCII letters, digits and hyphens (RFC 6376, section 3.1). */
export function selector(text: string): string {
  const name = text.trim().toLowerCase()
  if (/^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?)(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?)*$/.test(name))
    return name
  const mend = 'write the name under which the key stands in the DNS, such as "feedwire"'
  throw new Problem('selector-malformed', `"${text}" is not a name in the DNS`, { mend })
}

/** True for an address that is asked over TLS, or on this machine. */
export function isSafe(text: string): boolean {
  const { protocol, hostname } = new URL(text)
  return protocol === 'https:' || /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)
}

/** An IP address such as `10.0.0.7`, or a subnet such as `10.0.0.0/8`. */
export function subnet(text: string): string {
  const [address = '', bits, more] = text.trim().split('/')
  const width = new Map([
    [4, 32],
    [6, 128],
  ]).get(isIP(address))
  const isBits = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (width ?? 0))
  if (width !== undefined && isBits && more === undefined) return text.trim()
  throw new Problem('subnet-malformed', `"${text}" is neither an IP address nor a subnet`, {
    mend: 'write it such as 10.0.0.7 or 10.0.0.0/8',
  })
}
