// Opens the store that is named, makes its secret and prints it.
import { openStore } from '../../src/remember/open.ts'
import { currentSecret } from '../../src/remember/settings.ts'

const store = await openStore(process.argv[2] ?? '')
console.log(await currentSecret(store, null, 0))
await store.destroy()
