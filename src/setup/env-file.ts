import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { Problem } from '../problem.ts'

const NAME = 'SMTP_URL'

/**
 * What is to be added to `.env`, so that it names the mail server; null when it does already.
 * @throws {Problem} `argument-smtp` when the file has another one, or there can be none
 */
export function withMailServer(folder: string, smtp: string): string | null {
  const before = textOf(join(folder, '.env'))
  const known = parseEnv(before)[NAME]
  if (known === smtp) return null
  if (known !== undefined) throw refused(`There is another ${NAME} in .env`, 'mend it there, and leave out --smtp')
  const line = ["'", '"', '`', '']
    .map((mark) => `${NAME}=${mark}${smtp}${mark}\n`)
    .find((one) => parseEnv(one)[NAME] === smtp)
  if (line === undefined) throw refused('It cannot be written into .env', 'write other characters as %XX, such as %27')
  return before === '' || before.endsWith('\n') ? line : `\n${line}`
}

/** Nothing of what it says is repeated in messages. */
function textOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return ''
  if (stats.isFile()) return readFileSync(path, 'utf8')
  throw refused(
    '.env is no file here',
    'set SMTP_URL in the environment, and write smtp: ${SMTP_URL} into the settings',
  )
}

function refused(message: string, mend: string): Problem {
  return new Problem('argument-smtp', message, { where: '--smtp', mend })
}
