import { readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { type Plugin, defineConfig } from 'rolldown'
import ts from 'typescript'
import { configJsonSchema } from './src/setup/json-schema.ts'

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
function isOutside(id: string, importer: string | undefined): boolean {
  if (id.startsWith('.') || id.startsWith('/') || id.startsWith('\0')) return false
  if (builtinModules.includes(id.replace(/^node:/, '')) || id.startsWith('node:')) return true
  if (importer?.includes('node_modules') === true) return false
  return !BUNDLED.some((name) => id === name || id.startsWith(`${name}/`))
}

// markdown-it defines each field of each token by a helper of Babel's, which costs a tenth of reading an article; the
// fields are plain ones.
const plainFields: Plugin = {
  name: 'plain-fields',
  transform(code, id) {
    if (!id.includes('/markdown-it/')) return null
    const helper = /function _defineProperty\((\w+), (\w+), (\w+)\) \{[\s\S]*?\n\}/
    return code.replace(
      helper,
      (_, object: string, key: string, value: string) => `function _defineProperty(${object}, ${key}, ${value}) {
  ${object}[${key}] = ${value}
  return ${object}
}`,
    )
  },
}

/**
 * What every command needs, and what every run needs besides, in one file each, with all that they import. Else each
 * module that some other command needs as well would be a file of its own, and a run would open seventy.
 */
const GROUPS = [
  { name: 'start', test: /\/src\/(cli\/program|heap)\.ts$/, priority: 2 },
  { name: 'run', test: /\/src\/(cli\/run|texts)\.ts$/, priority: 1 },
]

/** The files whose types are the package's own; they use those of no other file. */
const PUBLIC = ['index', 'problem', 'dialect-name', 'setup/report', 'setup/settings']

const declarations: Plugin = {
  name: 'declarations',
  generateBundle() {
    for (const name of PUBLIC) {
      this.emitFile({ type: 'asset', fileName: `${name}.d.ts`, source: declarationOf(`src/${name}.ts`) })
    }
  },
}

function declarationOf(fileName: string): string {
  const text = readFileSync(fileName, 'utf8')
  const { outputText, diagnostics = [] } = ts.transpileDeclaration(text, { fileName })
  for (const { messageText } of diagnostics) {
    throw new Error(`${fileName}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`)
  }
  return outputText.replace(/(from '\.[^']*)\.ts'/g, "$1.js'")
}

/** Editors take it from the package. */
const jsonSchema: Plugin = {
  name: 'json-schema',
  generateBundle() {
    const [, , settings = ''] = /^## Settings$([^]*?)```yaml\n([^]*?)```/m.exec(readFileSync('README.md', 'utf8')) ?? []
    const source = `${JSON.stringify(configJsonSchema(settings), null, 2)}\n`
    this.emitFile({ type: 'asset', fileName: 'config.schema.json', source })
  },
}

export default defineConfig({
  input: ['src/main.ts', 'src/index.ts'],
  platform: 'node',
  external: isOutside,
  plugins: [plainFields, declarations, jsonSchema],
  output: {
    dir: 'dist',
    cleanDir: true,
    format: 'esm',
    chunkFileNames: '[name]-[hash].js',
    // JSDoc would be read by each run, too.
    comments: { legal: true, annotation: true, jsdoc: false },
    codeSplitting: { groups: GROUPS },
  },
})
