import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, resolve, sep } from 'node:path'
import { parseEnv } from 'node:util'
import { type Document, LineCounter, isNode, parseDocument } from 'yaml'
import type { z } from 'zod'
import { type Fault, configSchema, databasePlace, faultsTogether } from './config-schema.ts'
import type { Config } from './config-types.ts'
import { Problem } from './problem.ts'

export type { Config, MailConfig, WebConfig } from './config-types.ts'

/** A configuration, or every fault that was found in it. */
export type LoadedConfig = { ok: true; config: Config } | { ok: false; problems: Problem[] }

const NAMES = ['feedwire.config.yaml', 'feedwire.config.yml', 'feedwire.config.json']

/**
 * Reads and checks the configuration file and the `.env` beside it.
 * @param file path of the file, or null for `feedwire.config.yaml` (or `.json`) in `cwd`
 */
export function loadConfig(
  file: string | null,
  cwd: string = process.cwd(),
  environment: NodeJS.ProcessEnv = process.env,
): LoadedConfig {
  const path = file === null ? findConfig(cwd) : resolve(cwd, file)
  if (path === null || !existsSync(path)) {
    const message = file === null ? `There is no ${NAMES[0]} in this folder` : `There is no file ${file}`
    const mend = 'go to the folder that has one, or name it with --config FILE'
    return { ok: false, problems: [new Problem('config-missing', message, { mend })] }
  }
  try {
    return readConfig(path, environment)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { ok: false, problems: [error] }
  }
}

function readConfig(path: string, environment: NodeJS.ProcessEnv): LoadedConfig {
  const name = basename(path)
  const dir = dirname(path)
  const lines = new LineCounter()
  const document = parseDocument(readText(path).replace(/^\uFEFF/, ''), { lineCounter: lines })
  const syntaxFault = (message: string, line: number): Problem =>
    new Problem('config-syntax', message, { where: `${name}:${line}`, mend: 'mend the YAML on this line' })
  if (document.errors.length > 0) {
    const faults = document.errors.map(({ message, pos }) =>
      syntaxFault(message.split('\n')[0] ?? message, lines.linePos(pos[0]).line),
    )
    return { ok: false, problems: faults }
  }

  const lineOf = (keys: readonly PropertyKey[]): number => {
    for (let n = keys.length; n > 0; n--) {
      const node: unknown = document.getIn(keys.slice(0, n), true)
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line
    }
    return 1
  }
  const content = contentOf(document, (message) => syntaxFault(message, 1))
  const circle = circleIn(content)
  if (circle !== null) throw syntaxFault(`${pathText(circle)}: is an alias of what it stands in`, lineOf(circle))
  const checked = checkTree(content, dir, environment, [path])
  if (checked.ok) return checked
  const problems = checked.faults
    .map((fault) => ({ fault, line: lineOf(fault.keys) }))
    .sort((a, b) => a.line - b.line)
    .map(({ fault, line }) => faultProblem(fault, `${name}:${line}`))
  return { ok: false, problems }
}

/**
 * Checks settings that a program made, as a file of the same content would be; `${NAME}` is filled in likewise.
 * @param dir absolute path of the folder to which paths are relative, and in which `.env` may stand
 */
export function checkSettings(
  settings: unknown,
  dir: string,
  environment: NodeJS.ProcessEnv = process.env,
): LoadedConfig {
  const circle = circleIn(settings)
  if (circle !== null) {
    const fault = faultProblem({ keys: circle, message: 'stands in itself' }, null)
    return { ok: false, problems: [fault] }
  }
  try {
    const checked = checkTree(settings, dir, environment, [])
    return checked.ok ? checked : { ok: false, problems: checked.faults.map((fault) => faultProblem(fault, null)) }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { ok: false, problems: [error] }
  }
}

function faultProblem({ keys, message }: Fault, where: string | null): Problem {
  const text = keys.length > 0 ? `${pathText(keys)}: ${message}` : message
  return new Problem('config-invalid', text, { where, mend: 'see the settings in README.md' })
}

/**
 * Fills in variables and checks a tree of settings.
 * @param files that hold the settings; nobody else is to read them
 */
function checkTree(
  content: unknown,
  dir: string,
  environment: NodeJS.ProcessEnv,
  files: readonly string[],
): { ok: true; config: Config } | { ok: false; faults: Fault[] } {
  const faults: Fault[] = []
  const tree = filledIn(content, dir, environment, faults)
  faults.push(...faultsTogether(tree))
  const parsed = configSchema(dir).safeParse(tree)
  if (parsed.success) faults.push(...exposedFiles(parsed.data, [...files, resolve(dir, '.env')]))
  if (parsed.success && faults.length === 0) return { ok: true, config: parsed.data }
  const told = new Set(faults.map(({ keys }) => pathText(keys)))
  const others = (parsed.error?.issues ?? []).flatMap(issueFaults).filter(({ keys }) => !told.has(pathText(keys)))
  return { ok: false, faults: [...faults, ...others] }
}

/** Fills in variables; those that are not set become faults. */
function filledIn(content: unknown, dir: string, environment: NodeJS.ProcessEnv, faults: Fault[]): unknown {
  let envFile: Record<string, string | undefined> | null = null
  return fillVariables(content, [], (variable, keys) => {
    const value = environment[variable] ?? (envFile ??= readEnvFile(resolve(dir, '.env')))[variable]
    if (value !== undefined && value !== '') return value
    const message = `the environment variable ${variable} is not set; set it, or write it into .env`
    faults.push({ keys, message })
    // A stand-in of no use but to let the check of the other settings go on.
    return undefined
  })
}

/**
 * Reads what names a store as the setting is read; `${NAME}` is filled in likewise.
 * @param dir absolute path of the folder in which `.env` may stand
 * @throws {Problem} `argument-database`, which does not hold the text: a password may stand in it
 */
export function parseDatabase(text: string, dir: string, environment: NodeJS.ProcessEnv): string {
  const faults: Fault[] = []
  const parsed = databasePlace.safeParse(filledIn(text, dir, environment, faults))
  const [message] = [...faults, ...(parsed.error?.issues ?? [])].map((fault) => fault.message)
  if (parsed.success && message === undefined) return parsed.data
  const mend = 'in a user or password write % and other signs as %25, # as %23, @ as %40, / as %2F'
  throw new Problem('argument-database', `The database ${message ?? 'is none'}`, { mend })
}

/** Whatever is private must not lie where everything is served. */
function exposedFiles({ publish, database, digest, mail }: Config, settings: readonly string[]): Fault[] {
  const keys = mail.dkim.flatMap(({ key }) => (key.includes('-----BEGIN') ? [] : [key]))
  const outbox = mail.kind === 'outbox' ? [mail.dir] : []
  const found = [...settings, database, digest.templates, ...outbox, ...keys].find((path) =>
    isWithin(publish.dir, path),
  )
  if (found === undefined) return []
  const message = `holds ${basename(found)}, which nobody else is to read; give what is published a folder of its own`
  return [{ keys: ['publish', 'dir'], message }]
}

function isWithin(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`)
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause)) throw cause
    const mend = 'make it a file that Feedwire may read'
    const message = `Cannot read the settings (${String(cause.code)})`
    throw new Problem('config-unreadable', message, { where: basename(path), mend, cause })
  }
}

function contentOf(document: Document, fault: (message: string) => Problem): unknown {
  try {
    const content: unknown = document.toJS()
    return content ?? {}
  } catch (error) {
    // Aliases are looked up only here; too many of them are a ReferenceError.
    if (!(error instanceof ReferenceError)) throw error
    throw fault(error.message)
  }
}

/** The place of an alias that stands in its own anchor, or null. */
function circleIn(value: unknown, keys: string[] = [], above: object[] = []): string[] | null {
  if (typeof value !== 'object' || value === null) return null
  if (above.includes(value)) return keys
  for (const [key, item] of Object.entries(value)) {
    const circle = circleIn(item, [...keys, key], [...above, value])
    if (circle !== null) return circle
  }
  return null
}

function findConfig(cwd: string): string | null {
  return NAMES.map((name) => resolve(cwd, name)).find((path) => existsSync(path)) ?? null
}

function readEnvFile(path: string): Record<string, string | undefined> {
  // Python keeps a virtual environment in a folder of this name.
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true ? parseEnv(readText(path)) : {}
}

function fillVariables(
  value: unknown,
  keys: PropertyKey[],
  lookUp: (variable: string, keys: PropertyKey[]) => string | undefined,
): unknown {
  if (typeof value === 'string') {
    return value.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, variable: string) => lookUp(variable, keys) ?? '')
  }
  if (Array.isArray(value)) return value.map((item: unknown, at) => fillVariables(item, [...keys, at], lookUp))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, fillVariables(item, [...keys, key], lookUp)]),
    )
  }
  return value
}

function pathText(keys: readonly PropertyKey[]): string {
  return keys.map((key, at) => (typeof key === 'number' ? `[${key}]` : `${at > 0 ? '.' : ''}${String(key)}`)).join('')
}

type Issue = z.core.$ZodIssue

const KINDS = new Map([
  ['string', 'must be text'],
  ['object', 'must be a group of settings'],
  ['array', 'must be a list'],
])

function issueFaults(issue: Issue): Fault[] {
  if (issue.code === 'unrecognized_keys') {
    const message = 'there is no such setting; take it out or mend its name'
    return issue.keys.map((key) => ({ keys: [...issue.path, key], message }))
  }
  if (issue.code === 'invalid_union') {
    // Of several forms the one that was meant is that whose shape it has; the others are out at once.
    const meant = issue.errors.find(
      (errors) => !errors.some(({ code, path }) => code === 'invalid_type' && path.length === 0),
    )
    if (meant !== undefined) {
      return meant.flatMap((inner) => issueFaults({ ...inner, path: [...issue.path, ...inner.path] }))
    }
  }
  const { path: keys, message } = issue
  if (issue.code !== 'invalid_type') return [{ keys, message }]
  if (message.includes('received undefined')) return [{ keys, message: 'is missing' }]
  return [{ keys, message: KINDS.get(issue.expected) ?? message }]
}
