import { posix } from 'node:path'
import ts from 'typescript'

/** A source file; `path` is relative to the project and has `/`. */
export interface SourceFile {
  path: string
  text: string
}

/** From the top down; a name with `/` is a folder. */
const LAYERS = {
  doors: ['main.ts', 'index.ts', 'cli/'],
  line: [
    'run.ts',
    'job.ts',
    'publication.ts',
    'documents.ts',
    'documents/',
    'announcement.ts',
    'rehearsal.ts',
    'sharing.ts',
    'one-at-a-time.ts',
    'preview.ts',
    'endpoint.ts',
    'notices.ts',
    'recovery.ts',
    'digests.ts',
    'daemon.ts',
    'world.ts',
    'templates.ts',
    'sources.ts',
    'alerts/',
    'doctor/',
    'setup/',
  ],
  edges: [
    'gather/',
    'remember/',
    'subscriber-list/',
    'publish/',
    'announce/',
    'deliver/',
    'receive/',
    'web/',
    'config.ts',
    'config-schema.ts',
    'config-sources.ts',
    'config-values.ts',
    'config-types.ts',
    'log.ts',
  ],
  disk: ['files.ts', 'heap.ts', 'store-place.ts'],
  shaping: [
    'feeds/',
    'check/',
    'pages/',
    'digest/',
    'status/',
    'markdown/',
    'template.ts',
    'template-names.ts',
    'texts.ts',
    'text-names.ts',
    'schedule.ts',
    'link.ts',
  ],
  words: [
    'entry.ts',
    'remote-source.ts',
    'enclosure.ts',
    'media-type.ts',
    'web-address.ts',
    'identity.ts',
    'token.ts',
    'return-address.ts',
    'subscriber.ts',
    'site.ts',
    'problem.ts',
    'version.ts',
    'dialect-name.ts',
    'collection.ts',
    'preferences.ts',
  ],
}
type Layer = keyof typeof LAYERS
const ORDER: readonly Layer[] = ['doors', 'line', 'edges', 'disk', 'shaping', 'words']

/** The edges that may ask the store. */
const ASKS_REMEMBER = ['gather/', 'deliver/', 'receive/', 'web/', 'subscriber-list/']

/** Parts of one edge. */
const CONFIG = ['config.ts', 'config-schema.ts', 'config-sources.ts', 'config-values.ts', 'config-types.ts']

const OUTSIDE = /^(node:)?(fs|net|tls|dgram|dns|http|https|http2|child_process|worker_threads|timers|process)(\/|$)/
const CLOCK_OR_NETWORK = ['setTimeout', 'setInterval', 'setImmediate', 'fetch', 'process']

/** One line for each place in which `files` break the layers of DESIGN.md; empty when all is well. */
export function violations(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => {
    const place = placeOf(file.path)
    if (place === null) return [`${file.path} is in no layer`]
    const source = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true)
    const found = nodesOf(source).flatMap((node) => {
      const specifier = importedBy(node)
      return specifier === null ? wordsFaults(file.path, place, node) : importFaults(file.path, place, specifier)
    })
    return found.map((fault) => `${file.path} ${fault}`)
  })
}

interface Place {
  layer: Layer
  /** The file or folder of `LAYERS`. */
  unit: string
}

function placeOf(path: string): Place | null {
  const inside = path.replace(/^src\//, '')
  const unit = inside.replace(/\/.*/s, '/')
  const layer = ORDER.find((layer) => LAYERS[layer].includes(unit))
  return layer === undefined || inside === path ? null : { layer, unit }
}

function importFaults(path: string, from: Place, specifier: string): string[] {
  if (!specifier.startsWith('.')) {
    return isPure(from) && OUTSIDE.test(specifier) ? [`imports ${specifier}`] : []
  }
  const target = posix.join(posix.dirname(path), specifier)
  const to = placeOf(target)
  if (to === null) return [`imports ${target}, which is in no layer`]
  return mayImport(from, to) ? [] : [`(${from.layer}) imports ${target} (${to.layer})`]
}

function mayImport(from: Place, to: Place): boolean {
  if (from.layer !== to.layer) return ORDER.indexOf(from.layer) < ORDER.indexOf(to.layer)
  if (from.layer !== 'edges' || from.unit === to.unit) return true
  if (CONFIG.includes(from.unit) && CONFIG.includes(to.unit)) return true
  return to.unit === 'remember/' && ASKS_REMEMBER.includes(from.unit)
}

function wordsFaults(path: string, place: Place, node: ts.Node): string[] {
  const used = usedBy(node)
  if (used === null) return []
  if (used === 'process.exit') return path === 'src/main.ts' ? [] : ['uses process.exit']
  if (used === 'process.env') return ['src/main.ts', 'src/config.ts'].includes(path) ? [] : ['uses process.env']
  return isPure(place) ? [`uses ${used}`] : []
}

function isPure({ layer }: Place): boolean {
  return layer === 'shaping' || layer === 'words'
}

/** What a node takes of the clock, of chance, of the network or of the process, or null. */
function usedBy(node: ts.Node): string | null {
  if (ts.isNewExpression(node) && isNamed(node.expression, 'Date') && !node.arguments?.length) return 'new Date()'
  if (ts.isCallExpression(node) && isNamed(node.expression, 'Date')) return 'Date()'
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
    const text = `${node.expression.text}.${node.name.text}`
    if (text === 'Date.now' || text === 'Math.random' || text === 'performance.now') return text
    return node.expression.text === 'process' ? text : null
  }
  if (ts.isImportSpecifier(node) && textOf(node.parent.parent.parent.moduleSpecifier)?.match(/^(node:)?process$/)) {
    return `process.${(node.propertyName ?? node.name).text}`
  }
  return ts.isIdentifier(node) && CLOCK_OR_NETWORK.includes(node.text) ? node.text : null
}

function isNamed(node: ts.Node, name: string): boolean {
  return ts.isIdentifier(node) && node.text === name
}

/** The specifier of `import … from`, `export … from`, `import('…')`, as a value or a type. */
function importedBy(node: ts.Node): string | null {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return textOf(node.moduleSpecifier)
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? textOf(node.argument.literal) : null
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
    return textOf(node.arguments[0])
  return null
}

function textOf(node: ts.Node | undefined): string | null {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : null
}

/** Every node of the tree, save names that only label something: `x.fetch`, `{ fetch: … }`. */
function nodesOf(node: ts.Node): ts.Node[] {
  const children: ts.Node[] = []
  ts.forEachChild(node, (child) => {
    const isLabel = 'name' in node && node.name === child && !ts.isShorthandPropertyAssignment(node)
    if (!isLabel) children.push(child)
  })
  return [node, ...children.flatMap(nodesOf)]
}
