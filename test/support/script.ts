import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Makes a script of test/support that another process can run on any Node, and gives its path. */
export async function scriptOf(name: string): Promise<string> {
  const file = join(ROOT, 'node_modules/.cache/feedwire', `${name.replace(/\.ts$/, '')}-${process.pid}.mjs`)
  const isPackage = (id: string): boolean => !/^[./\0]/.test(id)
  const bundle = await rolldown({ input: join(ROOT, 'test/support', name), platform: 'node', external: isPackage })
  await bundle.write({ file, format: 'esm', codeSplitting: false })
  await bundle.close()
  return file
}
