import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv, type ValidateFunction } from 'ajv'
import { parse } from 'yaml'
import { describe, expect, test } from 'vitest'
import { configJsonSchema } from '../../src/setup/json-schema.ts'
import { feedwireAt } from '../support/command.ts'
import { tempFolder } from '../support/folder.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
const [, SETTINGS = ''] = /^## Settings$[^]*?```yaml\n([^]*?)```/m.exec(textOf('README.md')) ?? []

const schema = configJsonSchema(SETTINGS)
const validate: ValidateFunction = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema)

/** Where the schema has something against settings in YAML, and which of its words. */
function faultsOf(yaml: string): string[] {
  return validate(parse(yaml))
    ? []
    : (validate.errors ?? []).map(({ instancePath, keyword }) => `${instancePath} ${keyword}`)
}

describe('the JSON Schema of the settings takes', () => {
  test('those of README.md', () => {
    expect(SETTINGS).toContain('site:')
    expect(faultsOf(SETTINGS)).toEqual([])
  })

  test('those of the sample site', () => {
    expect(faultsOf(textOf('feedwire.config.yaml'))).toEqual([])
  })

  test('those that init writes', async () => {
    const dir = tempFolder()
    const words = [
      'init',
      '--yes',
      '--url',
      'https://a.example/',
      '--from',
      'a@a.example',
      '--smtp',
      'smtp://a.example',
    ]
    await feedwireAt(dir, '2026-03-01T12:00:00Z', ...words)
    expect(faultsOf(readFileSync(join(dir, 'feedwire.config.yaml'), 'utf8'))).toEqual([])
  })
})

const SITE = 'site: { title: A, url: "https://a.example/" }\n'

describe('the JSON Schema of the settings', () => {
  for (const [says, yaml, fault] of [
    ['refuses an unknown setting', `${SITE}shedule: '@daily'`, ' additionalProperties'],
    ['refuses an unknown setting further down', `${SITE}feeds: { entrys: 3 }`, '/feeds additionalProperties'],
    ['refuses an unknown setting of a source', `${SITE}sources: [{ kind: listing, files: x, dir: y }]`, '/sources/0'],
    [
      'refuses an unknown wish of a reader',
      `${SITE}subscribers: [{ address: a@a.example, often: daily }]`,
      '/subscribers/0',
    ],
    ['misses a title', 'site: { url: "https://a.example/" }', '/site required'],
    ['refuses a number for a text', `${SITE}secret: 4`, '/secret'],
    ['refuses a number that is too large', `${SITE}feeds: { entries: 501 }`, '/feeds/entries maximum'],
    ['refuses a word that is none of a few', `${SITE}digest: { weekday: friyay }`, '/digest/weekday enum'],
    ['refuses a time of another form', `${SITE}digest: { at: '8 am' }`, '/digest/at pattern'],
    ['refuses a duration of another form', `${SITE}keep: a year`, '/keep pattern'],
    ['refuses a rate of another form', `${SITE}mail: { rate: fast }`, '/mail/rate pattern'],
    ['refuses an address that is none', `${SITE}heartbeat: hc.example.org`, '/heartbeat pattern'],
  ] as const) {
    test(says, () => {
      expect(faultsOf(yaml)).toEqual(expect.arrayContaining([expect.stringContaining(fault)]))
    })
  }

  test('takes a variable where a form is wanted', () => {
    expect(faultsOf(`${SITE}mail: { smtp: '\${SMTP_URL}' }\nheartbeat: '\${PING}'`)).toEqual([])
  })

  test('describes settings as README.md does', () => {
    const described = (path: string): unknown =>
      path.split('/').reduce<unknown>((node, key) => propertyOf(node, key), schema)
    expect(described('properties/site/properties/timezone/description')).toBe(
      'of dates without a zone, and of schedules',
    )
    expect(described('properties/alerts/description')).toBe(
      'how you hear that something is wrong; default: by the exit code and the log alone',
    )
    expect(described('properties/alerts/properties/mail/description')).toBe('a letter to you; default: none')
  })
})

function propertyOf(node: unknown, key: string): unknown {
  return typeof node === 'object' && node !== null ? new Map(Object.entries(node)).get(key) : undefined
}
