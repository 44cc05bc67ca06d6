import { compactStore } from '../remember/compact.ts'
import { byteText } from './byte-text.ts'
import { configured } from './configured.ts'
import { countText } from './count-text.ts'
import type { CommonOptions, Context, ExitCode } from './context.ts'

/** `feedwire compact`: forgets what is kept for long enough, and makes the store small. */
export function compactCommand(context: Context, options: CommonOptions): Promise<ExitCode> {
  return configured(context, options, async ({ database, keep }) => {
    const compacted = await compactStore(database, keep, context.clock())
    const { before, after, letters, notices } = compacted
    const gone = letters + notices
    if (options.json === true) context.print(JSON.stringify(compacted))
    else {
      context.print(`${database}: ${byteText(before)} before, ${byteText(after)} now.`)
      if (gone > 0) context.print(`Of ${countText(gone, 'letter', 'letters')} only the number is kept.`)
    }
    return 0
  })
}
