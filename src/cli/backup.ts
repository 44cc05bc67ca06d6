import { resolve } from 'node:path'
import { backUpStore } from '../remember/backup.ts'
import { byteText } from './byte-text.ts'
import { configured } from './configured.ts'
import { contentsText } from './count-text.ts'
import type { CommonOptions, Context, ExitCode } from './context.ts'

export interface BackupOptions extends CommonOptions {
  force?: boolean
}

/** `feedwire backup`: copies the store to a file, also while a run is at work. */
export function backupCommand(context: Context, file: string, options: BackupOptions): Promise<ExitCode> {
  return configured(context, options, async ({ database }) => {
    const target = resolve(context.cwd, file)
    const backup = await backUpStore(database, target, options.force === true)
    if (options.json === true) context.print(JSON.stringify({ file: target, ...backup }))
    else {
      context.print(
        `${file}: ${byteText(backup.size)}; ${contentsText(backup)}. ` +
          'It holds their addresses and the secret: keep it where nobody else reads it.',
      )
    }
    return 0
  })
}
