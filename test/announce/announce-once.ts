// Announces what is published in the site folder that is named, and prints what became of it.
import { announce } from '../../src/announcement.ts'
import { loadConfig } from '../../src/config.ts'
import { openWorld } from '../../src/world.ts'

const loaded = loadConfig(null, process.argv[2] ?? '', {})
if (!loaded.ok) throw new AggregateError(loaded.problems)
const templates = { texts: '', languages: [], compiled: () => Promise.reject(new Error('no template is needed')) }
const world = await openWorld(loaded.config, templates, 0)
console.log(JSON.stringify(await announce(world, new AbortController())))
await world.close()
