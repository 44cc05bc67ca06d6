import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { tempFolder } from './folder.ts'

/** `folder` stands in for a mail folder at home: mutt asks about a missing one, and the answer eats the keys. */
const MUTTRC = 'set pipe_decode=yes\nset wait_key=no\nset charset=utf-8\nset wrap_headers=998\nset folder="."\n'
/** Writes the first letter, headers and all, as mutt shows it. */
const KEYS = '<pipe-message>cat >shown.txt<enter><exit>'
const COMMAND = `mutt -n -F muttrc -R -f mbox -e 'push "${KEYS}"'`

/** The headers and the text of a letter as mutt decodes them. */
export async function shownByMutt(letter: Buffer): Promise<string> {
  const dir = tempFolder({ muttrc: MUTTRC, mbox: mboxOf(letter) })
  const env = { ...process.env, HOME: dir, TERM: 'xterm', LC_ALL: 'C.UTF-8' }
  // mutt wants a terminal, which `script` gives it for as long as its own input is open.
  const child = spawn('script', ['-qec', COMMAND, '/dev/null'], {
    cwd: dir,
    env,
    stdio: ['pipe', 'ignore', 'ignore'],
    timeout: 30_000,
  })
  await once(child, 'exit')
  child.stdin.end()
  return readFileSync(join(dir, 'shown.txt'), 'utf8')
}

/** A letter of ASCII as the only one of a mailbox. */
function mboxOf(letter: Buffer): string {
  const lines = letter.toString('latin1').replaceAll('\r\n', '\n')
  return `From x Sat Jan  1 00:00:00 2026\n${lines.replace(/^(>*From )/gm, '>$1')}\n`
}
