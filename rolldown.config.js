import { builtinModules } from 'node:module'

// A run that finds nothing new spends most of its time on loading modules, so those that every run needs become a few
// files. The rest is loaded as it is, and only when it is needed.
const BUNDLED = [
  'commander',
  'yaml',
  'zod',
  'kysely',
  'liquidjs',
  'markdown-it',
  '@date-fns/tz',
  'date-fns',
  'node-cron',
]

/** True for a package that stays outside; what a bundled package needs goes with it. */
function isOutside(id, importer) {
  if (id.startsWith('.') || id.startsWith('/') || id.startsWith('\0')) return false
  if (builtinModules.includes(id.replace(/^node:/, '')) || id.startsWith('node:')) return true
  if (importer?.includes('node_modules')) return false
  return !BUNDLED.some((name) => id === name || id.startsWith(`${name}/`))
}

// markdown-it defines each field of each token by a helper of Babel's, which costs a tenth of reading an article; the
// fields are plain ones.
const plainFields = {
  name: 'plain-fields',
  transform(code, id) {
    if (!id.includes('/markdown-it/')) return null
    const helper = /function _defineProperty\((\w+), (\w+), (\w+)\) \{[\s\S]*?\n\}/
    return code.replace(
      helper,
      (_, object, key, value) => `function _defineProperty(${object}, ${key}, ${value}) {
  ${object}[${key}] = ${value}
  return ${object}
}`,
    )
  },
}

export default {
  input: ['src/main.ts', 'src/index.ts'],
  platform: 'node',
  external: isOutside,
  plugins: [plainFields],
  output: { dir: 'dist', format: 'esm', chunkFileNames: '[name]-[hash].js' },
}
