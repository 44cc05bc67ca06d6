import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Problem, type Settings, defineConfig, run } from '../../src/index.ts'
import { filesBelow, tempFolder } from '../support/folder.ts'

const SITE = { title: 'Tide Notes', url: 'https://tides.example.org/' }
const ARTICLE = { 'articles/ebb.md': '---\ntitle: Ebb\n---\nThe water leaves.\n' }

/** What is wrong with settings, as `run()` says it. */
async function faultsOf(config: Settings, dir = tempFolder()): Promise<[where: string | null, message: string][]> {
  const error: unknown = await run({ config, dir }).catch((cause: unknown) => cause)
  if (!(error instanceof AggregateError)) throw new Error('no fault was found', { cause: error })
  expect(filesBelow(dir)).toEqual([])
  return error.errors.map((fault: unknown) => {
    if (!(fault instanceof Problem)) throw new Error('a fault is a Problem', { cause: fault })
    return [fault.where, fault.message]
  })
}

test('defineConfig() gives settings back as they are', () => {
  const settings = { site: SITE }
  expect(defineConfig(settings)).toBe(settings)
})

describe('run()', () => {
  test('takes settings as an object, whose paths are relative to dir', async () => {
    const dir = tempFolder(ARTICLE)
    const report = await run({ config: defineConfig({ site: SITE, publish: { dir: 'out' } }), dir })
    expect(report).toMatchObject({ gathered: { new: 1 }, problems: [], exitCode: 0 })
    expect(readFileSync(join(dir, 'out/feed.xml'), 'utf8')).toContain('Ebb')
    expect(existsSync(join(dir, 'feedwire.db'))).toBe(true)
  })

  test('fills in variables of an object from the .env of dir', async () => {
    const dir = tempFolder({ ...ARTICLE, '.env': 'FEEDWIRE_TEST_TITLE=Neap Notes\n' })
    await run({ config: { site: { ...SITE, title: '${FEEDWIRE_TEST_TITLE}' } }, dir })
    expect(readFileSync(join(dir, 'public/feed.xml'), 'utf8')).toContain('<title>Neap Notes</title>')
  })

  test.each([undefined, 'feedwire.config.yaml'])('reads the file of dir: %s', async (config) => {
    const dir = tempFolder({ ...ARTICLE, 'feedwire.config.yaml': `site: ${JSON.stringify(SITE)}\n` })
    expect(await run({ config, dir })).toMatchObject({ gathered: { new: 1 } })
    expect(existsSync(join(dir, 'public/feed.xml'))).toBe(true)
  })

  test('names every fault of an object at once, and touches nothing', async () => {
    const config = { site: { ...SITE, url: 'tides' }, shedule: '@daily', mail: { smtp: '${FEEDWIRE_TEST_UNSET}' } }
    expect(await faultsOf(config)).toEqual(
      expect.arrayContaining([
        [null, expect.stringMatching(/^site\.url: "tides" is not a web address/)],
        [null, expect.stringMatching(/^shedule: there is no such setting/)],
        [null, expect.stringMatching(/^mail\.smtp: the environment variable FEEDWIRE_TEST_UNSET is not set/)],
        [null, expect.stringMatching(/^mail\.from: is missing/)],
      ]),
    )
  })

  test('refuses an object that stands in itself', async () => {
    const site: Settings['site'] = { ...SITE }
    Object.assign(site, { author: site })
    expect(await faultsOf({ site })).toEqual([[null, 'site.author: stands in itself']])
  })

  test('publishes nothing where the settings of dir would be read', async () => {
    expect(await faultsOf({ site: SITE, publish: { dir: '.' } })).toEqual([
      [null, expect.stringMatching(/^publish\.dir: holds /)],
    ])
  })
})
