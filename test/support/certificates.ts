import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { tempFolder } from './folder.ts'

/** A certificate and its key in PEM. */
export interface Certificate {
  cert: string
  key: string
}

/** Makes a certificate for 127.0.0.1 that is signed by itself. */
export function selfSigned(): Certificate {
  const dir = tempFolder()
  const [cert, key] = [join(dir, 'cert.pem'), join(dir, 'key.pem')]
  const what = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2']
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  execFileSync('openssl', ['req', '-x509', ...kind, ...what, '-keyout', key, '-out', cert], { stdio: 'pipe' })
  const made = { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') }
  rmSync(dir, { recursive: true })
  return made
}
