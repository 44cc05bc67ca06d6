import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

/**
 * Makes of a script, which may import what is TypeScript, one that any Node runs.
 * @param {string} name of a file, beside this one
 * @returns {Promise<string>} its path
 */
export async function bundleOf(name) {
  const input = fileURLToPath(new URL(name, import.meta.url))
  const file = fileURLToPath(
    new URL(`../../node_modules/.cache/feedwire/bench-${basename(name)}-${process.pid}.mjs`, import.meta.url),
  )
  const isPackage = (/** @type {string} */ id) => !/^[./\0]/.test(id)
  const bundle = await rolldown({ input, platform: 'node', external: isPackage })
  await bundle.write({ file, format: 'esm', codeSplitting: false })
  await bundle.close()
  return file
}
