import { readFileSync, readdirSync } from 'node:fs'
import { parseMail } from '../../src/receive/parse.ts'
import type { Understood } from '../../src/receive/outcome.ts'
import { understand } from '../../src/receive/understand.ts'

const FOLDER = new URL('../fixtures/bounces/', import.meta.url)

/** Names of all samples, without `.eml`. */
export const SAMPLES = readdirSync(FOLDER).map((name) => name.replace(/\.eml$/, ''))

/** The bytes of a sample: a letter to reader-1@example.net came back, or something like it. */
export function sample(name: string): Buffer {
  return readFileSync(new URL(`${name}.eml`, FOLDER))
}

/** What is understood of these bytes. */
export async function understood(bytes: Uint8Array): Promise<Understood> {
  return understand(await parseMail(bytes))
}

/** The same as one text, such as `bounce hard 5.1.1`. */
export function inWords(mail: Understood): string {
  if (mail.kind !== 'bounce') return mail.kind
  return ['bounce', mail.class, ...(mail.status === null ? [] : [mail.status])].join(' ')
}
