// Opens the store that is named and says so, then keeps it open until its input ends. With "write" it writes all the
// time: two settings that are equal at each moment.
import { once } from 'node:events'
import { openStore } from '../../src/remember/open.ts'
import { writeSetting } from '../../src/remember/settings.ts'

const [, , path = '', task] = process.argv
const end = new AbortController()
process.stdin.on('end', () => end.abort()).resume()
const store = await openStore(path)
const write = async (count: number): Promise<void> => {
  await store.transaction().execute(async (tx) => {
    await writeSetting(tx, 'one', String(count))
    await writeSetting(tx, 'other', String(count))
  })
}
await write(0)
console.log('open')
for (let count = 1; task === 'write' && !end.signal.aborted; count++) {
  await write(count)
  await new Promise(setImmediate)
}
if (!end.signal.aborted) await once(end.signal, 'abort')
await store.destroy()
