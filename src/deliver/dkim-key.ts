import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { promisify } from 'node:util'
import { Problem } from '../problem.ts'

/** A key as the settings name it. */
export interface DkimSetting {
  /** Lower-case ASCII: `example.org`. */
  domain: string
  /** The public key stands in DNS at `<selector>._domainkey.<domain>`. */
  selector: string
  /** A private key as PEM text, or the absolute path of a file that holds it. */
  key: string
}

/** A private key that has signed a probe. */
export interface DkimKey {
  domain: string
  selector: string
  /** RFC 6376, section 3.3.1; RFC 8463, section 3. */
  algorithm: DkimAlgorithm
  key: KeyObject
}

export type DkimAlgorithm = 'rsa-sha256' | 'ed25519-sha256'

/** RFC 8301, section 3.2. */
const LEAST_RSA_BITS = 1024
const PEM_MARK = '-----BEGIN'
/** PKCS #8 says it in its label, the older form in a header (RFC 1421, section 4.6.1.1). */
const ENCRYPTED_PEM = /-----BEGIN ENCRYPTED |^Proc-Type:.*ENCRYPTED/m
const PROBE = Buffer.from('feedwire')

/**
 * Reads a key and tries it, so that a wrong one is found before a letter goes out unsigned.
 * @throws Problem `dkim-key-unusable`; no text of it holds the key or the path
 */
export function readDkimKey(setting: DkimSetting): DkimKey {
  const { domain, selector } = setting
  const key = privateKeyOf(pemOf(setting), setting)
  const read = { domain, selector, algorithm: algorithmOf(key, setting), key }
  if (!canSign(read)) throw unusable(setting, 'its parts do not belong together', 'make a new key')
  return read
}

/** The signature of the canonical header fields `data`; it is made beside this thread, for RSA takes its time. */
export function signatureOf({ algorithm, key }: DkimKey, data: Buffer): Promise<Buffer> {
  return algorithm === 'rsa-sha256' ? signBeside('sha256', data, key) : signBeside(null, sha256(data), key)
}

const signBeside = promisify<string | null, Buffer, KeyObject, Buffer>(sign)

function pemOf(setting: DkimSetting): string {
  if (setting.key.includes(PEM_MARK)) return setting.key
  if (!isAbsolute(setting.key)) {
    throw unusable(setting, 'it is neither PEM text nor an absolute path', 'give the absolute path of a PEM file')
  }
  try {
    return readFileSync(setting.key, 'utf8')
  } catch (error) {
    // Without its cause, which names the path: a bare key in base64 may begin with "/" and be taken for one.
    throw unusable(setting, `its file cannot be read (${codeOf(error)})`, 'check the path and who may read the file')
  }
}

function privateKeyOf(pem: string, setting: DkimSetting): KeyObject {
  if (ENCRYPTED_PEM.test(pem)) {
    throw unusable(setting, 'it is encrypted', 'store it without a passphrase, readable by Feedwire alone')
  }
  try {
    return createPrivateKey(pem)
  } catch (cause) {
    throw unusable(setting, 'it holds no private key', 'give the private key in PEM form, not the public one', cause)
  }
}

function algorithmOf(key: KeyObject, setting: DkimSetting): DkimAlgorithm {
  const type = key.asymmetricKeyType ?? 'unknown'
  if (type === 'ed25519') return 'ed25519-sha256'
  if (type !== 'rsa')
    throw unusable(setting, `it is of type ${type}`, 'make an RSA key of 2048 bits, or an Ed25519 key')
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (bits < LEAST_RSA_BITS) throw unusable(setting, `it has ${bits} bits`, 'make an RSA key of 2048 bits')
  return 'rsa-sha256'
}

function canSign(key: DkimKey): boolean {
  try {
    const publicKey = createPublicKey(key.key)
    return key.algorithm === 'rsa-sha256'
      ? verify('sha256', PROBE, publicKey, sign('sha256', PROBE, key.key))
      : verify(null, sha256(PROBE), publicKey, sign(null, sha256(PROBE), key.key))
  } catch {
    return false
  }
}

function sha256(data: Buffer): Buffer {
  return createHash('sha256').update(data).digest()
}

function unusable({ selector, domain }: DkimSetting, why: string, mend: string, cause?: unknown): Problem {
  const message = `Cannot sign with the DKIM key of ${selector}._domainkey.${domain}: ${why}`
  return new Problem('dkim-key-unusable', message, { mend, cause })
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
}
