import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WatchedSite } from './watched-site.ts'

let site: WatchedSite
beforeEach(async () => {
  site = await WatchedSite.open()
})
afterEach(() => site.close())

describe('the heartbeat', () => {
  beforeEach(() => {
    site.settings({ more: `heartbeat: "${site.hook.url}"` })
  })

  test('is asked after a run, also after one that set something aside', async () => {
    await site.run()
    site.put('articles/broken.md', '---js\n{}\n---\n')
    expect((await site.run()).exitCode).toBe(3)
    expect(site.hook.take().map(({ method }) => method)).toEqual(['GET', 'GET'])
  })

  test('is not asked by a run that failed, nor by one that only says what it would do', async () => {
    site.put('public/index.html', 'not ours')
    await expect(site.run()).rejects.toThrow()
    rmSync(join(site.dir, 'public'), { recursive: true })
    await site.say('run', '--dry-run')
    expect(site.hook.take()).toEqual([])
  })

  test('that is given up when the run is told to stop is no problem', async () => {
    const stop = new AbortController()
    site.hook.answer = () => {
      stop.abort()
    }
    expect(await site.run(stop.signal)).toMatchObject({ exitCode: 0, problems: [], fresh: [] })
    site.hookAnswers(200)
    expect(await site.run()).toMatchObject({ problems: [], fresh: [] })
  })

  test('is a warning when it is out of reach, new only once', async () => {
    site.hookAnswers(404)
    const first = await site.run()
    expect(first).toMatchObject({ exitCode: 0, fresh: [{ code: 'heartbeat-unreachable', severity: 'warning' }] })
    expect(JSON.stringify(first)).not.toContain('s3cret')
    expect(await site.run()).toMatchObject({ problems: [{ code: 'heartbeat-unreachable' }], fresh: [] })
    site.hookAnswers(200)
    expect(await site.run()).toMatchObject({ problems: [], fresh: [] })
    site.hookAnswers(404)
    expect(await site.run()).toMatchObject({ fresh: [{ code: 'heartbeat-unreachable' }] })
  })
})
