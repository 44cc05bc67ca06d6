import { type Field, addressesIn, readLines, valueOf, valuesOf } from './fields.ts'
import { type Failure, type Understood, bounceOf } from './outcome.ts'
import { humanText, isFromSystem } from './origin.ts'
import type { ParsedMail } from './parse.ts'
import { findingsOf } from './phrases.ts'
import { classOf, isVague, replyIn, statusIn, tellingLine } from './status.ts'

/** Fields of which a block for one recipient has each once (RFC 3464, section 2.3). */
const ONCE = ['original-recipient', 'final-recipient', 'action', 'status']
const RECIPIENT = ['original-recipient', 'final-recipient']
/** Recipients of one report that are read. */
const MOST = 50

/** Understands a delivery status notification (RFC 3464, RFC 6533); null when the mail is none. */
export function readDsn(mail: ParsedMail): Understood | null {
  const blocks = reportsOf(mail).flatMap(blocksOf).filter(isAboutRecipient)
  if (blocks.length === 0) return null
  const actions = blocks.map(actionOf)
  const failed = blocks.filter((_block, index) => actions[index] === 'failed')
  if (failed.length > 0) {
    // Where a server says nothing, what the report says to people is all there is.
    const told = findingsOf(humanText(mail))
    return bounceOf(
      failed.slice(0, MOST).map((block) => failureOf(block, told)),
      mail,
    )
  }
  return actions.includes('delayed') ? { kind: 'delayed' } : { kind: 'receipt' }
}

/** The texts that may hold a report: the part that is declared to be one, else any that looks like one. */
function reportsOf(mail: ParsedMail): string[] {
  // People forward reports, and ask what they mean.
  if (!isFromSystem(mail)) return []
  const declared = mail.parts.filter(({ type }) => /^message\/(?:global-)?delivery-status$/.test(type))
  const others = mail.parts.filter(({ type }) => !/rfc822|global|html/.test(type))
  const parts = declared.length > 0 ? declared : others
  const texts = parts.map(({ text }) => text).filter(looksLikeReport)
  return texts.length > 0 ? texts : [humanText(mail)].filter(looksLikeReport)
}

function looksLikeReport(text: string): boolean {
  return (
    /^[ \t]*(?:final|original)-recipient[ \t]*:/im.test(text) || /^[ \t]*action[ \t]*:[ \t]*(?:fail|delay)/im.test(text)
  )
}

/**
 * Parts a report into its blocks. Some servers leave out the blank lines, others put one behind each field, so a block
 * ends where a field comes again, or where a blank line stands before a recipient.
 */
function blocksOf(report: string): Field[][] {
  const blocks: Field[][] = [[]]
  let isBehindBlank = false
  for (const line of readLines(report)) {
    if (line === null) {
      isBehindBlank = true
      continue
    }
    const block = blocks.at(-1) ?? []
    const isAgain = ONCE.includes(line.name) && block.some(({ name }) => name === line.name)
    const isNext = isBehindBlank && RECIPIENT.includes(line.name) && isAboutRecipient(block)
    if ((isAgain && !isAboutSame(block, line)) || isNext) blocks.push([line])
    else block.push(line)
    isBehindBlank = false
  }
  return blocks
}

/** Some servers say a field twice. */
function isAboutSame(block: readonly Field[], { name, value }: Field): boolean {
  return RECIPIENT.includes(name) && valuesOf(block, name).includes(value)
}

function isAboutRecipient(block: readonly Field[]): boolean {
  return block.some(({ name }) => name === 'final-recipient' || name === 'action')
}

type Action = 'failed' | 'delayed' | 'done'

/** RFC 3464, section 2.3.3; without an action that is known, the status tells. */
function actionOf(block: readonly Field[]): Action {
  const action = valueOf(block, 'action').toLowerCase()
  if (/^(?:delay|defer|warn|retry|transient)/.test(action)) return 'delayed'
  if (/^(?:deliver|relay|expand|success)/.test(action)) return 'done'
  if (/^(?:fail|error|bounce|reject|undeliver)/.test(action)) return 'failed'
  return /^\s*2\./.test(valueOf(block, 'status')) ? 'done' : 'failed'
}

function failureOf(block: readonly Field[], told: string): Failure {
  const diagnostic = valuesOf(block, 'diagnostic-code', 'x-postfix-diagnostic', 'smtp-diagnostic')
    .map((value) => value.replace(/^\s*[\w-]{1,30}\s*;\s*/, ''))
    .join(' ')
  const stated = /[2-5]\.\d{1,3}\.\d{1,3}/.exec(valueOf(block, 'status'))?.[0] ?? null
  const saysNothing = stated === null || isVague(stated)
  // With a code that says it all, the rest of the text is manners; only what servers said may speak against it.
  const words = diagnostic === '' ? (saysNothing ? told : linesWithCode(told)) : diagnostic
  const inWords = statusIn(words)
  return {
    recipients: [...new Set(RECIPIENT.flatMap((name) => valuesOf(block, name)).flatMap(recipientsIn))],
    class: classOf(stated, words),
    status: saysNothing ? (inWords ?? stated) : stated,
    reason: tellingLine(words),
  }
}

function linesWithCode(text: string): string {
  const lines = text.split('\n').filter((line) => replyIn(line) !== null || statusIn(line) !== null)
  return lines.join('\n')
}

/** `rfc822; ada@example.org`, also in angle brackets or as a name that is no address. */
function recipientsIn(value: string): string[] {
  return addressesIn(value.replace(/^\s*[\w-]{1,30}\s*;/, ''))
}
