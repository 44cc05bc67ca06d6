import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { shareDelivery } from '../../src/sharing.ts'
import { type Store, openStore } from '../../src/remember/open.ts'
import { WatchedSite } from '../alerts/watched-site.ts'
import { storePlace } from '../support/database.ts'
import { configOf } from '../support/run-at.ts'
import type { Answer } from '../support/smtp-sink.ts'

let site: WatchedSite
beforeEach(async () => {
  site = await WatchedSite.open()
})
afterEach(() => site.close())

const STATUS = z.object({ isAtWork: z.boolean(), needs: z.array(z.object({ code: z.string() })) })

/** What is told of a site while a run is at work. */
async function status(): Promise<{ isAtWork: boolean; needs: string[] }> {
  const { out } = await site.say('status', '--json')
  const { isAtWork, needs } = STATUS.parse(JSON.parse(out))
  return { isAtWork, needs: needs.map(({ code }) => code) }
}

describe('a run that gave the lock back', () => {
  test('is at work while it sends letters', async () => {
    site.settings({ readers: ['ann@example.net'] })
    const seen: unknown[] = []
    site.sink.script = async (stage): Promise<Answer> => {
      if (stage === 'dot') seen.push(await status())
      return 'accept'
    }
    await site.run()
    expect(seen).toEqual([{ isAtWork: true, needs: [] }])
    expect(await status()).toEqual({ isAtWork: false, needs: [] })
  })

  test('is at work while it tells the owner what is wrong', async () => {
    site.settings({ alerts: `{ url: "${site.hook.url}", source_failures: 1 }` })
    const seen: Promise<{ isAtWork: boolean; needs: string[] }>[] = []
    site.hook.answer = (response) => {
      seen.push(status())
      void seen[0]?.then(() => response.writeHead(204).end())
    }
    site.takeArticles('away')
    await site.run()
    expect(await seen[0]).toEqual({ isAtWork: true, needs: ['source-unreadable'] })
  })
})

describe('who sends letters beside a run', () => {
  const options = {
    ...{ now: Date.UTC(2026, 1, 1, 3), clock: () => Date.UTC(2026, 1, 1, 3), random: () => 0.5 },
    ...{ signal: new AbortController().signal, acceptRemovals: false, digest: 'due' as const },
  }
  let store: Store
  beforeEach(async () => {
    site.settings({ readers: ['ann@example.net'] })
    site.sink.script = (stage) => (stage === 'rcpt' ? '451 4.2.1 later' : 'accept')
    await site.run()
    store = await openStore(storePlace(site.dir))
  })
  afterEach(() => store.destroy())

  const shares = () => store.selectFrom('runs').select(['exit_code', 'summary']).where('kind', '=', 'share').execute()

  test('is no run', async () => {
    site.sink.script = () => 'accept'
    expect(await shareDelivery(configOf(site.dir), options)).toMatchObject({ sent: 1 })
    expect(await shares()).toMatchObject([{ exit_code: 0 }])
    expect(await status()).toEqual({ isAtWork: false, needs: [] })
  })

  test('comes to an end also when it fails', async () => {
    const random = (): number => {
      throw new Error('of chance')
    }
    await expect(shareDelivery(configOf(site.dir), { ...options, random })).rejects.toThrow('of chance')
    expect(await shares()).toMatchObject([{ exit_code: 1, summary: '{"problem":"of chance"}' }])
  })
})
