import { execFileSync } from 'node:child_process'
import { tempFolder } from './folder.ts'

/** What SpamAssassin says of a letter. */
export interface Verdict {
  /** Points; spam has five or more. */
  score: number
  /** The rules that hit, sorted. */
  rules: string[]
}

/** Whether to leave out the tests that need a program of Debian. On CI they always run. */
export function isMissing(program: string): boolean {
  if (process.env['CI'] !== undefined) return false
  try {
    execFileSync('which', [program], { stdio: 'ignore' })
    return false
  } catch {
    return true
  }
}

/** Asks SpamAssassin as Debian sets it up, without the network, without what it learned from earlier letters. */
export function judgedBySpamAssassin(letter: Uint8Array): Verdict {
  const args = ['--local', '--test-mode', '--nocreate-prefs', '--cf=use_bayes 0']
  const env = { ...process.env, HOME: tempFolder() }
  const printed = execFileSync('spamassassin', args, { input: letter, env, encoding: 'utf8' })
  const status = /^X-Spam-Status: (.*(?:\r?\n[ \t].*)*)/m.exec(printed)?.[1]?.replace(/\s+/g, '') ?? ''
  const [, score, rules] = /score=(-?[\d.]+)required=.*tests=(.*?)autolearn=/.exec(status) ?? []
  if (score === undefined || rules === undefined) throw new Error(`SpamAssassin gave no verdict: ${status}`)
  return { score: Number(score), rules: rules.split(',').sort() }
}
