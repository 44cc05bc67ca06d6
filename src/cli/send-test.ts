import { testLetter } from '../deliver/letters.ts'
import { previewLetters } from '../preview.ts'
import { Problem } from '../problem.ts'
import { parseEmailAddress } from '../subscriber.ts'
import { openMailer, signingKeys } from '../world.ts'
import { configured } from './configured.ts'
import type { CommonOptions, Context, ExitCode } from './context.ts'

/** `feedwire send-test`: sends the letter that would go out now to one address, and remembers nothing of it. */
export function sendTestCommand(context: Context, text: string, options: CommonOptions): Promise<ExitCode> {
  return configured(context, options, async (config) => {
    const address = parseEmailAddress(text)
    const { clock, random, signal } = context
    const preview = await previewLetters(config, { now: clock(), clock, random, signal, acceptRemovals: false })
    const [first] = preview.letters
    if (first === undefined) {
      throw new Problem('nothing-to-send', 'There is no entry yet, so there is no letter to send', {
        mend: 'add an article to a source of the settings',
      })
    }
    const mailer = await openMailer(config.mail, await signingKeys(config.mail))
    try {
      // Each test has a name of its own, so that mailboxes do not take the second for the first.
      const id = `${first.letter.id}.test-${clock().toString(36)}`
      const letter = testLetter(first.letter, preview.sender, address, id)
      const outcome = await mailer.open().send({ ...letter, subject: `[Test] ${letter.subject}` })
      if (outcome.kind === 'stopped') throw outcome.problem
      const isSent = outcome.kind === 'sent'
      const said = isSent ? outcome.reply : outcome.reason
      if (options.json === true) context.print(JSON.stringify({ address, outcome: outcome.kind, reply: said }))
      else if (isSent) context.print(`Sent to ${address}: ${said}`)
      else context.complain(`Not sent to ${address}: ${said}`)
      return isSent ? 0 : 1
    } finally {
      await mailer.close()
    }
  })
}
