import { Problem } from '../problem.ts'

const BUSY = {
  code: 'store-busy',
  message: 'Another process keeps writing to the store',
  mend: 'try again when it is done',
}
const UNREACHABLE = { code: 'store-unreachable', mend: 'see that the server of "database" runs and can be reached' }
const REFUSED = { code: 'store-refused', mend: 'see that "database" names a database that this user may write' }

/** What the server or the way to it did, by SQLSTATE: the whole code, or its class. */
const FAULTS = new Map([
  ['55P03', BUSY],
  ['40P01', BUSY],
  ['40001', BUSY],
  [
    '53100',
    { code: 'store-full', message: 'There is no room for the store', mend: 'make room on the disk of the server' },
  ],
  ['53', { ...UNREACHABLE, message: 'The server of the store has no room for another connection' }],
  ['57', { ...UNREACHABLE, message: 'The server of the store ended the connection' }],
  ['08', { ...UNREACHABLE, message: 'The connection to the server of the store was lost' }],
  ['25006', { ...REFUSED, message: 'The store may not be written' }],
  ['28', { ...REFUSED, message: 'The server of the store refused the user' }],
  ['3D', { ...REFUSED, message: 'The server of the store has no such database' }],
  ['3F', { ...REFUSED, message: 'The database of the store has no such schema' }],
  ['42501', { ...REFUSED, message: 'The user may not do this in the store' }],
])

/** A fault of the server, or of the way to it, as a Problem; any other is given back as it is. */
export function serverFault(cause: unknown): unknown {
  if (!(cause instanceof Error) || cause instanceof Problem) return cause
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
  const known = FAULTS.get(code) ?? (/^[0-9A-Z]{5}$/.test(code) ? FAULTS.get(code.slice(0, 2)) : undefined)
  if (known !== undefined) return new Problem(known.code, known.message, { mend: known.mend, cause })
  if (!isOfTheWay(cause)) return cause
  const reason = cause instanceof AggregateError ? cause.errors.map(String).join(', ') : cause.message
  const message = `The server of the store cannot be reached: ${reason}`
  return new Problem(UNREACHABLE.code, message, { mend: UNREACHABLE.mend, cause })
}

/** Faults of the system and of the driver that speak of the connection. */
function isOfTheWay(cause: Error): boolean {
  return (
    'syscall' in cause ||
    cause instanceof AggregateError ||
    /connect|timeout exceeded|not queryable/i.test(cause.message)
  )
}
