import { Problem } from '../problem.ts'
import { placeName } from '../store-place.ts'

const BUSY = {
  code: 'store-busy',
  message: 'Another process keeps writing to the store',
  mend: 'try again when it is done',
}
const UNREACHABLE = { code: 'store-unreachable', mend: 'see that the server of "database" runs and can be reached' }
const REFUSED = { code: 'store-refused', mend: 'see that "database" names a database that this user may write' }
/** It cannot do at present what it could before, such as one that stands in for another until it may be written. */
const UNFIT = { code: 'store-unreachable', mend: 'see to the server of "database"; it is tried again meanwhile' }
const UNTRUSTED = {
  code: 'store-refused',
  mend: 'let sslrootcert in "database" name the certificates to trust, or sslmode say otherwise',
}

/** What the server or the way to it did, by SQLSTATE: the whole code, or its class. */
const FAULTS = new Map([
  ['55P03', BUSY],
  ['40P01', BUSY],
  ['40001', BUSY],
  [
    '53100',
    { code: 'store-full', message: 'There is no room for the store', mend: 'make room on the disk of the server' },
  ],
  ['53300', { ...UNREACHABLE, message: 'The server of the store has no room for another connection' }],
  ['57014', { ...UNFIT, message: 'The server of the store ended a statement before it was done' }],
  ['57', { ...UNREACHABLE, message: 'The server of the store ended the connection' }],
  ['08', { ...UNREACHABLE, message: 'The connection to the server of the store was lost' }],
  ['25006', { ...UNFIT, message: 'The store may not be written at present' }],
  ['25P03', { ...UNREACHABLE, message: 'The server of the store ended a transaction in which nothing was done' }],
  ['25P04', { ...UNREACHABLE, message: 'The server of the store ended a transaction that took long' }],
  ['28', { ...REFUSED, message: 'The server of the store refused the user' }],
  ['3D', { ...REFUSED, message: 'The server of the store has no such database' }],
  ['3F', { ...REFUSED, message: 'The database of the store has no such schema' }],
  [
    '42704',
    {
      code: 'store-refused',
      message: 'The server of the store does not know a setting, as it is too old',
      mend: 'let "database" name a server of version 14 or later',
    },
  ],
  ['42501', { ...REFUSED, message: 'The user may not do this in the store' }],
  ['54000', { ...REFUSED, message: 'The server of the store has no room for so long a key', mend: 'shorten it' }],
])

/** Classes of SQLSTATE that speak of the server, not of what it was asked; its own words tell the rest. */
const OF_THE_SERVER = ['0A', '53', '54', '58', 'F0', 'XX']

/** Faults of TLS, as Node and OpenSSL name them. */
const TLS = /^(?:ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH)/

/** The same with the place where it befell us. */
export function serverFaultAt(url: string, cause: unknown): unknown {
  const fault = serverFault(cause)
  if (!(fault instanceof Problem) || fault.where !== null) return fault
  const { code, message, mend } = fault
  return new Problem(code, message, { where: placeName(url), mend, cause: fault })
}

/** A fault of the server, or of the way to it, as a Problem; any other is given back as it is. */
export function serverFault(cause: unknown): unknown {
  if (!(cause instanceof Error) || cause instanceof Problem) return cause
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
  const known = isState(code) ? (FAULTS.get(code) ?? FAULTS.get(code.slice(0, 2))) : undefined
  if (known !== undefined) return new Problem(known.code, known.message, { mend: known.mend, cause })
  const told = (fault: { code: string; mend: string }, words: string): Problem =>
    new Problem(fault.code, `${words}: ${reasonOf(cause)}`, { mend: fault.mend, cause })
  if (isState(code) && OF_THE_SERVER.includes(code.slice(0, 2)))
    return told(UNFIT, 'The server of the store is not well')
  if (TLS.test(code)) return told(UNTRUSTED, 'The server of the store is not trusted')
  if (/^SASL|password/i.test(cause.message)) return told(REFUSED, 'The server of the store refused the user')
  return isOfTheWay(cause, code) ? told(UNREACHABLE, 'The server of the store cannot be reached') : cause
}

function isState(code: string): boolean {
  // What begins with an E is a fault of the system.
  return /^[0-9A-DF-Z][0-9A-Z]{4}$/.test(code)
}

function reasonOf(cause: Error): string {
  return cause instanceof AggregateError ? cause.errors.map(String).join(', ') : cause.message
}

/** Faults of the system and of the driver that speak of the connection. */
function isOfTheWay(cause: Error, code: string): boolean {
  return (
    'syscall' in cause ||
    cause instanceof AggregateError ||
    /^E[A-Z]+$/.test(code) ||
    /connect|timeout exceeded|not queryable|SSL/i.test(cause.message)
  )
}
