import { join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { Config } from '../config.ts'
import { Problem, oneLine, problemLine } from '../problem.ts'
import type { Store } from '../remember/open.ts'
import { emptyMaildir } from '../receive/maildir.ts'
import { type Received, receiveMail } from '../receive/receive.ts'
import { unreadFolder } from '../receive/unread.ts'
import type { ReceiveTools } from '../receive/verdict.ts'
import { folderBeside } from '../store-place.ts'
import { configured, inStore, withStore } from './configured.ts'
import type { CommonOptions, Context, ExitCode } from './context.ts'
import { mailRequests } from './mail-requests.ts'

export interface ReceiveOptions extends CommonOptions {
  /** The recipient of the envelope. */
  recipient?: string
  /** Takes every new mail of this Maildir instead of one on standard input. */
  maildir?: string
}

/** EX_TEMPFAIL of sysexits.h: the mail server keeps the mail and hands it over again later. */
const TRY_AGAIN = 75

/** `feedwire receive`: takes care of a bounce, a complaint or a mail to join or leave, or of all those of a Maildir. */
export async function receiveCommand(
  context: Context,
  options: ReceiveOptions,
  input: Readable = process.stdin,
): Promise<ExitCode> {
  return options.maildir === undefined
    ? receiveInput(context, options, input)
    : receiveMaildir(context, options, options.maildir)
}

/**
 * A mail server that runs this would bounce the bounce, or lose it, at any other exit code than 0 and 75. So whatever
 * goes wrong before the mail is taken care of, it is to try again.
 */
async function receiveInput(context: Context, options: ReceiveOptions, input: Readable): Promise<ExitCode> {
  const bytes = await buffer(input)
  if (bytes.length === 0) {
    const mend = 'let the mail server pipe one to this command, or give --maildir'
    throw new Problem('argument-mail', 'There is no mail on standard input', { mend })
  }
  try {
    const code = await withStore(context, options, async (store, config) => {
      const keep = unreadFolder(join(folderBeside(config), 'unread'))
      const received = await receiveMail(tools(store, config, keep), bytes, options.recipient ?? null, context.clock())
      tell(context, options, [received])
      if (received.done === 'asked') await mailRequests(config, context)
      return 0
    })
    return code === 0 ? 0 : TRY_AGAIN
  } catch (error) {
    const line = error instanceof Problem ? problemLine(error) : String(error instanceof Error ? error.stack : error)
    context.complain(`feedwire: ${line}`)
    return TRY_AGAIN
  }
}

function receiveMaildir(context: Context, options: ReceiveOptions, dir: string): Promise<ExitCode> {
  return configured(context, options, async (config) => {
    const all: Received[] = []
    await inStore(config, async (store) => {
      // It stays in the Maildir, unseen.
      const receiving = tools(store, config, () => null)
      await emptyMaildir(resolve(context.cwd, dir), async (bytes) => {
        const received = await receiveMail(receiving, bytes, options.recipient ?? null, context.clock())
        all.push(received)
        if (options.json !== true) tell(context, options, [received])
        return received.done !== 'kept'
      })
    })
    if (all.some(({ done }) => done === 'asked')) await mailRequests(config, context)
    if (options.json === true) tell(context, options, all)
    return all.some(({ done }) => done === 'kept') ? 3 : 0
  })
}

function tools(store: Store, config: Config, keep: ReceiveTools['keep']): ReceiveTools {
  const { from, returnTo } = config.mail
  const addresses = returnTo === null ? [from.address] : [returnTo, from.address]
  let subjects: Promise<readonly string[]> | null = null
  // Else nobody could confirm, and the owner adds who asks.
  const canConfirm = config.web !== null || returnTo !== null
  return {
    ...{ store, addresses, keep },
    subscribeSubjects: canConfirm ? () => (subjects ??= subscribeSubjects(config)) : null,
  }
}

/** As the pages have them in their links to ask by mail. Read late, so that a broken template stops no bounces. */
async function subscribeSubjects(config: Config): Promise<readonly string[]> {
  const [{ readTemplates }, { foldText }] = await Promise.all([
    import('../templates.ts'),
    import('../markdown/text.ts'),
  ])
  const { languages, compiled } = readTemplates(config)
  const { texts } = await compiled()
  const site = foldText(config.site.title)
  return languages.map((language) => texts(language).say('ask_subject', { site }))
}

function tell({ print, complain }: Context, { json }: ReceiveOptions, all: readonly Received[]): void {
  if (json === true) {
    print(JSON.stringify(all))
    return
  }
  for (const received of all) (received.done === 'kept' ? complain : print)(oneLine(lineOf(received)))
}

/** One line for a person: `7f3a…: bounce (hard) about ada@example.net: suppressed: 5.1.1 User unknown`. */
function lineOf({ id, understood, reader, done, detail, kept }: Received): string {
  const kind = understood.kind === 'bounce' ? `bounce (${understood.class})` : understood.kind
  const about = reader === null ? '' : ` about ${reader.address}`
  const place = kept === null ? '' : ` in ${kept}`
  return `${id}: ${kind}${about}: ${DONE[done]}${place}: ${detail}`
}

const DONE: Record<Received['done'], string> = {
  suppressed: 'suppressed',
  counted: 'counted',
  unsubscribed: 'unsubscribed',
  asked: 'to be confirmed',
  subscribed: 'subscribed',
  expired: 'too late',
  nothing: 'nothing to do',
  kept: 'kept for you to read',
}
