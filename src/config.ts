import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { LineCounter, isNode, parseDocument } from 'yaml'
import type { z } from 'zod'
import { type Config, configSchema } from './config-schema.ts'
import { Problem } from './problem.ts'

export type { Config, MailConfig } from './config-schema.ts'

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
  const name = basename(path)
  const dir = dirname(path)
  const lines = new LineCounter()
  const document = parseDocument(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''), { lineCounter: lines })
  const lineAt = (offset: number | undefined): string => (offset === undefined ? '' : `:${lines.linePos(offset).line}`)
  if (document.errors.length > 0) {
    const faults = document.errors.map(
      (error) =>
        new Problem('config-syntax', error.message.split('\n')[0] ?? error.message, {
          where: `${name}${lineAt(error.pos[0])}`,
          mend: 'mend the YAML on this line',
        }),
    )
    return { ok: false, problems: faults }
  }

  const whereIs = (keys: readonly PropertyKey[]): string => {
    for (let n = keys.length; n > 0; n--) {
      const node: unknown = document.getIn(keys.slice(0, n), true)
      if (isNode(node) && node.range) return `${name}${lineAt(node.range[0])}`
    }
    return name
  }
  const fault = (keys: readonly PropertyKey[], message: string): Problem =>
    new Problem('config-invalid', keys.length > 0 ? `${pathText(keys)}: ${message}` : message, {
      where: whereIs(keys),
      mend: 'see the settings in README.md',
    })

  const environs = { ...readEnvFile(resolve(dir, '.env')), ...environment }
  const unset: Problem[] = []
  const tree = fillVariables(document.toJS() ?? {}, [], (variable, keys) => {
    const value = environs[variable]
    if (value === undefined || value === '') {
      unset.push(fault(keys, `the environment variable ${variable} is not set; set it, or write it into .env`))
      // A stand-in of no use but to let the check of the other settings go on.
      return undefined
    }
    return value
  })
  const parsed = configSchema(dir).safeParse(tree)
  if (parsed.success && unset.length === 0) return { ok: true, config: parsed.data }
  const known = new Set(unset.map((problem) => problem.message.split(':')[0]))
  const faults = (parsed.error?.issues ?? []).flatMap((issue) => issueFaults(issue, fault))
  return {
    ok: false,
    problems: [...unset, ...faults.filter((problem) => !known.has(problem.message.split(':')[0]))],
  }
}

function findConfig(cwd: string): string | null {
  return NAMES.map((name) => resolve(cwd, name)).find((path) => existsSync(path)) ?? null
}

function readEnvFile(path: string): Record<string, string | undefined> {
  return existsSync(path) ? parseEnv(readFileSync(path, 'utf8')) : {}
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

function issueFaults(issue: Issue, fault: (keys: readonly PropertyKey[], message: string) => Problem): Problem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      fault([...issue.path, key], 'there is no such setting; take it out or mend its name'),
    )
  }
  if (issue.code === 'invalid_type' && issue.input === undefined && issue.message.includes('received undefined')) {
    return [fault(issue.path, 'is missing')]
  }
  return [fault(issue.path, issue.message)]
}
