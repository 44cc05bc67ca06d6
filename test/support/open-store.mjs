// Opens the store that is named, makes its secret and prints it.
import { openStore } from '../../dist/remember/open.js'
import { currentSecret } from '../../dist/remember/settings.js'

const store = await openStore(process.argv[2])
console.log(await currentSecret(store, null, 0))
await store.destroy()
