import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { testLetter } from '../deliver/letters.ts'
import { composeMime } from '../deliver/mime.ts'
import { type Letter, bodyText } from '../deliver/mailer.ts'
import { problemLine } from '../problem.ts'
import { type Preview, type PreviewedLetter, previewLetters } from '../preview.ts'
import { parseEmailAddress } from '../subscriber.ts'
import { configured } from './configured.ts'
import type { CommonOptions, Context, ExitCode } from './context.ts'
import { preferencesText } from './preferences.ts'

export interface PreviewOptions extends CommonOptions {
  out?: string
  open: boolean
}

/** Kinds of readers of one letter that are named. */
const MOST_AUDIENCES = 3

/** `feedwire preview`: writes the letters that would go out now, and opens the first; nothing is sent. */
export function previewCommand(context: Context, options: PreviewOptions): Promise<ExitCode> {
  return configured(context, options, async (config) => {
    const { clock, random, signal } = context
    const preview = await previewLetters(config, { now: clock(), clock, random, signal, acceptRemovals: false })
    const shown = preview.letters.length === 0 ? [] : await showAll(preview, folderFor(context, options.out))
    if (options.json === true) context.print(JSON.stringify(asJson(shown, preview), null, 2))
    else print(context, shown, preview)
    const [first] = shown
    if (first !== undefined && options.open && options.json !== true) context.open?.(first.html)
    return 0
  })
}

function folderFor({ cwd }: Context, out: string | undefined): string {
  if (out === undefined) return mkdtempSync(join(tmpdir(), 'feedwire-'))
  const folder = resolve(cwd, out)
  mkdirSync(folder, { recursive: true })
  return folder
}

/** A letter that was written to a folder. */
interface Shown {
  one: PreviewedLetter
  letter: Letter
  /** Bytes of its HTML, and of all that is sent. */
  size: { html: number; whole: number }
  html: string
  text: string
}

/** Stands for a reader, at a domain that is nobody's (RFC 2606). */
const SOMEBODY = parseEmailAddress('reader@example.org')

async function showAll(preview: Preview, folder: string): Promise<Shown[]> {
  const shown: Shown[] = []
  for (const one of preview.letters) shown.push(await show(one, preview, folder))
  return shown
}

async function show(one: PreviewedLetter, { sender }: Preview, folder: string): Promise<Shown> {
  const letter = testLetter(one.letter, sender, SOMEBODY, `${one.letter.id}.preview`)
  const [html, text] = ['html', 'txt'].map((ending) => join(folder, `${one.letter.id}.${ending}`))
  if (html === undefined || text === undefined) throw new Error('a letter has two parts')
  writeFileSync(html, bodyText(letter.html))
  writeFileSync(text, bodyText(letter.text))
  const size = { html: Buffer.byteLength(bodyText(letter.html)), whole: (await composeMime(letter)).length }
  return { one, letter, size, html, text }
}

function print({ print: say, complain }: Context, shown: readonly Shown[], { isSample, report }: Preview): void {
  const fresh = [...report.sources.flatMap((source) => source.fresh), ...report.fresh]
  for (const problem of fresh) complain(`${problem.severity}: ${problemLine(problem)}`)
  if (shown.length === 0) say('There is no entry yet, so there is no letter to show.')
  else if (isSample) say('Nothing would go out now. This is how the newest entries look as a letter:')
  for (const { one, letter, size, html, text } of shown) {
    say(`Subject    ${letter.subject}`)
    say(`Entries    ${one.entries}${one.more > 0 ? `, and ${one.more} more on the web` : ''}`)
    say(`Size       ${kilobytes(size.html)} of HTML, ${kilobytes(size.whole)} in all`)
    say(`Readers    ${one.recipients}${audienceText(one)}`)
    say(`HTML       ${html}`)
    say(`Text       ${text}`)
    say('')
  }
}

function audienceText({ audiences }: PreviewedLetter): string {
  const named = audiences.slice(0, MOST_AUDIENCES).map((one) => `${one.readers} ${preferencesText(one)}`)
  if (named.length === 0) return ''
  const others = audiences.length > named.length ? `; ${audiences.length - named.length} other kinds` : ''
  return ` (${named.join('; ')}${others})`
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} KB`
}

function asJson(shown: readonly Shown[], { isSample }: Preview): object {
  return {
    isSample,
    letters: shown.map(({ one, letter, size, html, text }) => ({
      ...{ id: one.letter.id, subject: letter.subject, entries: one.entries, more: one.more },
      ...{ recipients: one.recipients, audiences: one.audiences, size, html, text },
    })),
  }
}
