import { describe, expect, test } from 'vitest'
import { Problem } from '../../src/problem.ts'
import { serverFault } from '../../src/remember/postgres-fault.ts'

/** A fault as the driver or the system throws it. */
function fault(code: string, message = 'as it says', more: object = {}): Error {
  return Object.assign(new Error(message), { code, ...more })
}

describe('serverFault() takes', () => {
  for (const [says, cause, code] of [
    ['a lock that is not given', fault('55P03'), 'store-busy'],
    ['a deadlock', fault('40P01'), 'store-busy'],
    ['a server that is shut down', fault('57P01'), 'store-unreachable'],
    ['a statement that was ended', fault('57014'), 'store-unreachable'],
    ['a server that stands in for another', fault('25006'), 'store-unreachable'],
    ['no room for a connection', fault('53300'), 'store-unreachable'],
    ['no memory', fault('53200'), 'store-unreachable'],
    ['a damaged page', fault('XX001'), 'store-unreachable'],
    ['a disk that fails', fault('58030'), 'store-unreachable'],
    ['a full disk', fault('53100'), 'store-full'],
    ['a wrong password', fault('28P01'), 'store-refused'],
    [
      'a missing password',
      new Error('SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string'),
      'store-refused',
    ],
    ['a missing database', fault('3D000'), 'store-refused'],
    ['a server that is too old', fault('42704'), 'store-refused'],
    ['a key that is too long', fault('54000'), 'store-refused'],
    ['a certificate of its own', fault('DEPTH_ZERO_SELF_SIGNED_CERT'), 'store-refused'],
    ['a certificate that is over', fault('CERT_HAS_EXPIRED'), 'store-refused'],
    ['a certificate of another host', fault('ERR_TLS_CERT_ALTNAME_INVALID'), 'store-refused'],
    ['a pipe that broke', fault('EPIPE'), 'store-unreachable'],
    ['a connection that was reset', fault('ECONNRESET', 'read', { syscall: 'read' }), 'store-unreachable'],
    ['a server without TLS', new Error('The server does not support SSL connections'), 'store-unreachable'],
    ['a connection that ended', new Error('Connection terminated unexpectedly'), 'store-unreachable'],
  ] as const)
    test(`${says} for a problem`, () => {
      expect(serverFault(cause)).toMatchObject({ code, cause })
    })

  for (const [says, cause] of [
    ['a statement that is wrong', fault('42601')],
    ['a row that is there already', fault('23505')],
    ['a bug of ours', new TypeError('x is no function')],
    ['a problem', new Problem('store-newer', 'It is', { mend: 'so' })],
  ] as const)
    test(`${says} as it is`, () => {
      expect(serverFault(cause)).toBe(cause)
    })
})
