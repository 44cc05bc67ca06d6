import { Problem } from '../../problem.ts'

const AGAIN = 'nothing is to be done if it passes; it is asked again at the next run'

/** What a name server's failure means: `fetch-dns`. Anything else is thrown as it is. */
export function lookupProblem(error: unknown, host: string): Problem {
  const code = codeOf(error)
  if (code === null) throw error
  // getaddrinfo has no address, and no such name.
  return ['ENOTFOUND', 'ENODATA'].includes(code)
    ? problem('fetch-dns', `No host is called ${host}`, 'check the address', error)
    : problem('fetch-dns', `The name server tells nothing of ${host} (${code})`, 'check the network', error)
}

/**
 * What failed before an answer came: `fetch-unreachable`, `fetch-tls`, `fetch-malformed`, `fetch-too-big`. Anything
 * else is thrown as it is.
 */
export function askingProblem(error: unknown, host: string): Problem {
  const code = codeOf(error)
  if (code === null) throw error
  if (code === 'HPE_HEADER_OVERFLOW') {
    return problem('fetch-too-big', `${host} sends too many headers`, `tell whoever runs ${host}`, error)
  }
  if (code.startsWith('HPE_')) {
    const mend = `check that the address and its port serve the web; else tell whoever runs ${host}`
    return problem('fetch-malformed', `${host} answers what is no HTTP (${code})`, mend, error)
  }
  const untrusted = trustProblem(code, host)
  if (untrusted !== null) return problem('fetch-tls', untrusted.message, untrusted.mend, error)
  if (code.startsWith('ERR_')) throw error
  return code === 'ECONNRESET' || code === 'EPIPE'
    ? problem('fetch-unreachable', `${host} hangs up without an answer`, AGAIN, error)
    : problem('fetch-unreachable', `${host} cannot be reached (${code})`, 'check the address and the network', error)
}

/** What failed while a body came: `fetch-truncated`, `fetch-malformed`. Anything else is thrown as it is. */
export function bodyProblem(error: unknown, host: string): Problem {
  if (error instanceof Problem) return error
  const code = codeOf(error)
  if (code === null) throw error
  if (MISCOMPRESSED.test(code)) {
    const mend = `tell whoever runs ${host}`
    return problem('fetch-malformed', `What ${host} sends is not compressed as it says`, mend, error)
  }
  if (code.startsWith('ERR_') && !BROKEN_OFF.test(code)) throw error
  return truncated(host, error)
}

/** What zlib and brotli say of bytes that are not theirs; of an end that comes too early they say `Z_BUF_ERROR`. */
const MISCOMPRESSED = /^(Z_(DATA_ERROR|NEED_DICT)$|ERR_(BROTLI|_ERROR_FORMAT_))/
const BROKEN_OFF = /^ERR_(STREAM_PREMATURE_CLOSE|SSL_\w+)$/

/** An answer that ends before its end. */
export function truncated(host: string, cause?: unknown): Problem {
  return problem('fetch-truncated', `The answer of ${host} breaks off`, AGAIN, cause)
}

function problem(code: string, message: string, mend: string, cause: unknown): Problem {
  return new Problem(code, message, { mend, cause })
}

/** The steady name that Node gives to a failure of the system, of OpenSSL, zlib or its HTTP parser; null for a bug. */
function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
}

const UNSIGNED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

/** What keeps a host from being trusted, or null. The codes of certificates are OpenSSL's. */
function trustProblem(code: string, host: string): { message: string; mend: string } | null {
  if (code === 'CERT_HAS_EXPIRED') {
    return { message: `The certificate of ${host} has expired`, mend: `whoever runs ${host} must renew it` }
  }
  if (code === 'CERT_NOT_YET_VALID') {
    return { message: `The certificate of ${host} is not valid yet`, mend: 'check the clock of this machine' }
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return { message: `The certificate of ${host} is for another name`, mend: 'check the name in the address' }
  }
  if (UNSIGNED.has(code)) {
    const mend = 'if it is yours, name the file with the certificate of its authority in NODE_EXTRA_CA_CERTS'
    return { message: `Nobody known has signed the certificate of ${host}`, mend }
  }
  if (/CERT|CRL|_CA$|PATH_LENGTH|PURPOSE/.test(code)) {
    return { message: `The certificate of ${host} is not valid (${code})`, mend: `tell whoever runs ${host}` }
  }
  if (code !== 'EPROTO' && !code.startsWith('ERR_SSL_')) return null
  return { message: `${host} speaks no TLS that is known (${code})`, mend: 'check that its port serves https' }
}
