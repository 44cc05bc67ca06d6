import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { takeLock } from '../src/remember/lock.ts'
import { feedwireAt } from './support/command.ts'
import { filesBelow, tempFolder } from './support/folder.ts'
import { storePlace } from './support/database.ts'

const CONFIG = 'site: { title: Tide Notes, url: "https://tides.example.org/" }\n'

function site(more: Record<string, string> = {}): string {
  const text = '---\ntitle: Ebb\ndate: 2026-01-02\n---\nThe water leaves.\n'
  return tempFolder({ 'feedwire.config.yaml': CONFIG, 'articles/ebb.md': text, ...more })
}

async function quietly(dir: string) {
  const { code, out, err } = await feedwireAt(dir, '2026-02-01T08:00:00Z', 'run', '--quiet')
  return { code, out, err }
}

describe('run --quiet prints', () => {
  test('nothing when all is well, whatever was done', async () => {
    const dir = site({
      'feedwire.config.yaml': `${CONFIG}subscribers: [bob@example.net]\ndigest: { first_run: 1 }\n`,
    })
    expect(await quietly(dir)).toEqual({ code: 0, out: '', err: '' })
    expect(filesBelow(join(dir, 'outbox'))).toHaveLength(1)
    expect(await quietly(dir)).toEqual({ code: 0, out: '', err: '' })
  })

  test('nothing while another run is at work', async () => {
    const dir = site()
    const lock = await takeLock(storePlace(dir))
    const ended = await quietly(dir)
    await lock?.release()
    expect(ended).toEqual({ code: 0, out: '', err: '' })
  })

  test('what is newly wrong, once, and no guess', async () => {
    const dir = site({
      'articles/broken.md': '---js\n{}\n---\n',
      'articles/undated.md': '---\ntitle: Neap\ndate: soon\n---\nText.\n',
    })
    const { out, err } = await quietly(dir)
    expect(out).toBe('')
    expect(err).toMatch(/^error: articles\/broken\.md:1: .*\n$/)
    expect(await quietly(dir)).toEqual({ code: 3, out: '', err: '' })
  })

  test('why a run failed, each time', async () => {
    const dir = site({ 'public/index.html': 'my own page' })
    for (let run = 0; run < 2; run++)
      expect(await quietly(dir)).toEqual({
        code: 1,
        out: '',
        err: expect.stringMatching(/^feedwire: .*index\.html - move/),
      })
  })
})
