import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { program } from '../src/cli/program.ts'
import { configSchema } from '../src/config-schema.ts'
import { loadConfig } from '../src/config.ts'
import { VERSION } from '../src/version.ts'
import { tempFolder } from './support/folder.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const README = readFileSync(join(ROOT, 'README.md'), 'utf8')
const [, SETTINGS = ''] = [...README.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] ?? '')
const packageSchema = z.object({ version: z.string(), scripts: z.record(z.string(), z.string()) })
const PACKAGE = packageSchema.parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')))

/** `site.title`, `sources.kind`: every setting in a tree of values, lists left out of the path. */
function settingsIn(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => settingsIn(item, path))
  // Its keys are domains.
  if (path === 'mail.rates') return [path]
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([key, item]) => settingsIn(item, path === '' ? key : `${path}.${key}`))
}

/** The same for a JSON Schema. */
function settingsOf(schema: unknown, path = ''): string[] {
  const node = z
    .looseObject({
      type: z.unknown().optional(),
      properties: z.record(z.string(), z.unknown()).optional(),
      items: z.unknown().optional(),
      anyOf: z.array(z.unknown()).optional(),
      oneOf: z.array(z.unknown()).optional(),
    })
    .parse(schema)
  if (node.type === 'null') return []
  const inner = [node.items, ...(node.anyOf ?? []), ...(node.oneOf ?? [])].filter((part) => part !== undefined)
  if (inner.length > 0) return inner.flatMap((part) => settingsOf(part, path))
  if (node.properties === undefined) return [path]
  return Object.entries(node.properties).flatMap(([key, part]) =>
    settingsOf(part, path === '' ? key : `${path}.${key}`),
  )
}

const unique = (list: string[]): string[] => [...new Set(list)].sort()

describe('README.md', () => {
  test('shows settings that the program takes', () => {
    for (const [, yaml = ''] of README.matchAll(/```yaml\n([\s\S]*?)```/g)) {
      const environment = { SMTP_URL: 'smtp://localhost', FEEDWIRE_SECRET: 'a-secret-of-some-length' }
      const loaded = loadConfig(null, tempFolder({ 'feedwire.config.yaml': yaml }), environment)
      expect(loaded.ok ? [] : loaded.problems).toEqual([])
    }
  })

  test('lists every setting that there is', () => {
    const schema = z.toJSONSchema(configSchema('.'), { io: 'input', unrepresentable: 'any' })
    expect(unique(settingsIn(parse(SETTINGS)))).toEqual(unique(settingsOf(schema)))
  })

  test('names the defaults that the program has', () => {
    const yaml = 'site: { title: A, url: "https://a.example/" }'
    const loaded = loadConfig(null, tempFolder({ 'feedwire.config.yaml': yaml }), {})
    if (!loaded.ok) throw new Error('refused')
    const shown = z
      .looseObject({ schedule: z.string(), snippet: z.unknown(), feeds: z.unknown(), digest: z.looseObject({}) })
      .parse(parse(SETTINGS))
    const { config } = loaded
    expect(shown.schedule).toBe(config.schedule.text)
    expect(shown.snippet).toEqual(config.snippet)
    expect(shown.feeds).toEqual(config.feeds)
    const { maxEntries: max_entries, firstRun: first_run, schedule } = config.digest
    const own = { max_entries, first_run, schedule: schedule.kind, templates: 'templates' }
    expect(shown.digest).toEqual({ ...own, at: '08:00', weekday: 'monday' })
    expect(config.digest.weekly.text).toBe('0 8 * * 1')
  })

  for (const [, words = ''] of README.matchAll(/^\| `feedwire ([^`]+)`/gm)) {
    test(`names the command "${words}", which there is`, async () => {
      const [before = '', after = ''] = words.split(' --')
      const names = before.split(' ').filter((word) => /^[a-z-]+$/.test(word))
      const [option = ''] = after.split(' ')
      const lines: string[] = []
      const collect = (line: string): void => {
        lines.push(line)
      }
      const code = await program([...names, '--help'], {
        ...{ cwd: ROOT, environment: {}, print: collect, complain: collect, clock: () => 0, random: () => 0 },
        signal: new AbortController().signal,
      })
      expect(code).toBe(0)
      expect(lines.join('\n')).toContain(`Usage: feedwire ${names.join(' ')}`)
      if (option !== '') expect(lines.join('\n')).toContain(`--${option}`)
    })
  }

  test('maps all of src/', () => {
    const map = README.slice(README.indexOf('## Map of `src/`'))
    for (const { name, isFolder } of readdirSync(join(ROOT, 'src'), { withFileTypes: true }).map((item) => ({
      name: item.name,
      isFolder: item.isDirectory(),
    }))) {
      expect(map).toContain(`\`${name}${isFolder ? '/' : ''}\``)
    }
  })

  test('names scripts and files that there are', () => {
    for (const [, script = ''] of README.matchAll(/npm run ([a-z:]+)/g))
      expect(PACKAGE.scripts).toHaveProperty([script])
    for (const [, path = ''] of README.matchAll(/\]\(([^)]+)\)/g)) expect(existsSync(join(ROOT, path)), path).toBe(true)
  })
})

test('the program and its package agree on the version', () => {
  expect(VERSION).toBe(PACKAGE.version)
})
