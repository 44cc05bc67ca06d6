// Does one task on the store that is named: store-task.mjs restore|backup|open STORE FILE
import { backUpStore } from '../../src/remember/backup.ts'
import { openStore } from '../../src/remember/open.ts'
import { restoreStore } from '../../src/remember/restore.ts'

const [, , task, path = '', file = ''] = process.argv
if (task === 'restore') await restoreStore(file, path, { published: [], force: true, now: 0 })
else if (task === 'backup') await backUpStore(path, file, true)
else await (await openStore(path)).destroy()
