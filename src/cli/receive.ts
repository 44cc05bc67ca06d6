import { dirname, join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { Config } from '../config.ts'
import { Problem, oneLine, problemLine } from '../problem.ts'
import type { Store } from '../remember/open.ts'
import { emptyMaildir } from '../receive/maildir.ts'
import { type ReceiveTools, type Received, receiveMail } from '../receive/receive.ts'
import { unreadFolder } from '../receive/unread.ts'
import { configured, inStore, withStore } from './configured.ts'
import type { CommonOptions, Context, ExitCode } from './context.ts'

export interface ReceiveOptions extends CommonOptions {
  /** The recipient of the envelope. */
  recipient?: string
  /** Takes every new mail of this Maildir instead of one on standard input. */
  maildir?: string
}

/** EX_TEMPFAIL of sysexits.h: the mail server keeps the mail and hands it over again later. */
const TRY_AGAIN = 75

/** `feedwire receive`: takes care of a bounce, a complaint or an unsubscribe mail, or of all those of a Maildir. */
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
      const keep = unreadFolder(join(dirname(config.database), 'unread'))
      const received = await receiveMail(tools(store, config, keep), bytes, options.recipient ?? null, context.clock())
      tell(context, options, [received])
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
    await inStore(config, (store) =>
      emptyMaildir(resolve(context.cwd, dir), async (bytes) => {
        // It stays in the Maildir, unseen.
        const keep = tools(store, config, () => null)
        const received = await receiveMail(keep, bytes, options.recipient ?? null, context.clock())
        all.push(received)
        if (options.json !== true) tell(context, options, [received])
        return received.done !== 'kept'
      }),
    )
    if (options.json === true) tell(context, options, all)
    return all.some(({ done }) => done === 'kept') ? 3 : 0
  })
}

function tools(store: Store, { mail }: Config, keep: ReceiveTools['keep']): ReceiveTools {
  const addresses = mail.returnTo === null ? [mail.from.address] : [mail.returnTo, mail.from.address]
  return { store, addresses, keep }
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
  nothing: 'nothing to do',
  kept: 'kept for you to read',
}
