import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openStore } from '../../src/remember/open.ts'
import { filesBelow } from '../support/folder.ts'
import { WatchedSite } from './watched-site.ts'
import { storePlace } from '../support/database.ts'

let site: WatchedSite
beforeEach(async () => {
  site = await WatchedSite.open()
})
afterEach(() => site.close())

describe('a run that fails', () => {
  const foreign = (): void => site.put('public/index.html', 'not ours')

  test('is told of once, and again when one succeeds; the note of it is gone then', async () => {
    foreign()
    await expect(site.run()).rejects.toMatchObject({ code: 'publish-foreign' })
    expect(site.posted()).toEqual(['run standing'])
    expect(await site.mailed()).toEqual([
      expect.stringMatching(/^\[Tide Notes\] A run failed: Not written by Feedwire/),
    ])
    expect(filesBelow(site.dir)).toContain('feedwire.db.failing')
    await expect(site.run()).rejects.toThrow()
    expect(await site.told()).toEqual([[], []])
    rmSync(join(site.dir, 'public/index.html'))
    await site.run()
    expect(site.posted()).toEqual(['run over'])
    expect(await site.mailed()).toEqual([expect.stringMatching(/^\[Tide Notes\] Over: A run failed/)])
    expect(filesBelow(site.dir)).not.toContain('feedwire.db.failing')
  })

  test('is told of when the store cannot be opened at all', async () => {
    site.put('feedwire.db', 'this is no database, and never was one')
    await expect(site.run()).rejects.toMatchObject({ code: 'store-unreadable' })
    expect(site.posted()).toEqual(['run standing'])
    expect(await site.mailed()).toHaveLength(1)
    await expect(site.run()).rejects.toThrow()
    expect(await site.told()).toEqual([[], []])
  })

  test('is told of again until somebody could be told', async () => {
    site.hookAnswers(500)
    site.sink.script = () => '421 4.3.2 closed'
    foreign()
    await expect(site.run()).rejects.toMatchObject({ code: 'publish-foreign' })
    site.hookAnswers(200)
    site.hook.take()
    await expect(site.run()).rejects.toThrow()
    expect(site.posted()).toEqual(['run standing'])
    site.sink.script = () => 'accept'
    await expect(site.run()).rejects.toThrow()
    expect(site.posted()).toEqual([])
    expect(await site.mailed()).toHaveLength(1)
  })

  test('is taken for told when the note of it could not be filled, as on a full disk', async () => {
    site.put('feedwire.db.failing', '')
    foreign()
    await expect(site.run()).rejects.toThrow()
    expect(await site.told()).toEqual([[], []])
    rmSync(join(site.dir, 'public/index.html'))
    await site.run()
    expect(site.posted()).toEqual(['run over'])
  })

  test('tells only the URL where no note can be written', async () => {
    mkdirSync(join(site.dir, 'feedwire.db.failing'))
    foreign()
    for (let run = 0; run < 2; run++) {
      await expect(site.run()).rejects.toMatchObject({ code: 'publish-foreign' })
      expect(site.posted()).toEqual(['run standing'])
    }
    expect(await site.mailed()).toEqual([])
  })

  test('tells the URL, and the next run succeeds, though the note of it cannot be looked at', async () => {
    // As one that root left, but also for root.
    symlinkSync('feedwire.db.failing', join(site.dir, 'feedwire.db.failing'))
    foreign()
    await expect(site.run()).rejects.toMatchObject({ code: 'publish-foreign' })
    expect(site.posted()).toEqual(['run standing'])
    rmSync(join(site.dir, 'public/index.html'))
    expect((await site.run()).exitCode).toBe(0)
  })

  test('is remembered with what went wrong', async () => {
    foreign()
    await expect(site.run()).rejects.toThrow()
    rmSync(join(site.dir, 'public/index.html'))
    await site.run()
    const store = await openStore(storePlace(site.dir))
    const runs = await store.selectFrom('runs').select(['exit_code', 'summary']).orderBy('id').execute()
    await store.destroy()
    expect(runs.map(({ exit_code: code, summary }) => ({ code, summary: JSON.parse(summary) as unknown }))).toEqual([
      { code: 1, summary: { problem: expect.stringContaining('Not written by Feedwire') } },
      {
        code: 0,
        summary: expect.objectContaining({ published: expect.any(Number), sent: 0, deferred: 0, refused: 0 }),
      },
    ])
  })
})
