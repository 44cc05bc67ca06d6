import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { tellFailedRun } from '../../src/alerts/failed-run.ts'
import { tellOwner } from '../../src/alerts/watch.ts'
import { Problem } from '../../src/problem.ts'
import { dropAlert } from '../../src/remember/alerts.ts'
import { tellOfReturn } from '../../src/run.ts'
import { readTemplates } from '../../src/templates.ts'
import { type World, openWorld } from '../../src/world.ts'
import { WatchedSite } from '../alerts/watched-site.ts'
import { configOf } from '../support/run-at.ts'
import type { Answer } from '../support/smtp-sink.ts'

const NOW = Date.UTC(2026, 1, 1, 9)

let site: WatchedSite
let machines: World[]
beforeEach(async () => {
  site = await WatchedSite.open()
  site.settings({ alerts: `{ url: "${site.hook.url}", source_failures: 1 }` })
  await site.run()
  site.takeArticles('away')
  await site.run()
  const config = configOf(site.dir)
  machines = await Promise.all([1, 2, 3].map(() => openWorld(config, readTemplates(config), NOW)))
})

/** The owner was told of nothing yet. */
async function untold(): Promise<void> {
  for (const { store } of machines) await dropAlert(store, 'source:articles')
  site.hook.take()
}

afterEach(async () => {
  for (const machine of machines) await machine.close()
  await site.close()
})

const tell = (machine: World, signal = new AbortController().signal) => tellOwner(machine, { clock: () => NOW, signal })

describe('several machines at once', () => {
  test('tell once that something is wrong, and once that it is over', async () => {
    await untold()
    await Promise.all(machines.map((machine) => tell(machine)))
    expect(site.posted()).toEqual(['source:articles standing'])
    site.takeArticles('back')
    await machines[0]?.store.updateTable('sources').set({ failures: 0, failing_since: null }).execute()
    await Promise.all(machines.map((machine) => tell(machine)))
    expect(site.posted()).toEqual(['source:articles over'])
  })

  test('tell it all the same when one was cut off before it could', async () => {
    await untold()
    const [first, second] = machines
    if (first === undefined || second === undefined) throw new Error('no machines')
    const cut = new AbortController()
    site.hook.answer = () => {
      cut.abort()
    }
    const broken = tell(first, cut.signal)
    const other = tell(second)
    await broken
    site.hookAnswers(204)
    await other
    await tell(second)
    expect(site.posted()).toContain('source:articles standing')
    expect(await second.store.selectFrom('alerts').select('told_by').execute()).toEqual([{ told_by: 'url' }])
  })
})

test('what a run that took hours tells is how sources are by now', async () => {
  site.settings({
    alerts: `{ url: "${site.hook.url}", source_failures: 1 }`,
    readers: ['ann@example.net'],
  })
  site.takeArticles('back')
  await site.run()
  expect(site.posted()).toEqual(['source:articles standing', 'source:articles over'])
  site.put('articles/ebb.md', '---\ntitle: Ebb\ndate: 2026-01-02\n---\nThe water leaves.\n')
  site.sink.script = async (): Promise<Answer> => {
    await machines[0]?.store.updateTable('sources').set({ failures: 2, failing_since: NOW }).execute()
    return 'accept'
  }
  await site.run()
  expect(site.posted()).toEqual(['source:articles standing'])
})

describe('a machine whose runs are done by others tells that', () => {
  const outside = { clock: () => NOW, signal: new AbortController().signal }
  const fail = (code: string) => {
    const problem = new Problem(code, 'It failed', { mend: 'mend it' })
    return tellFailedRun(configOf(site.dir), problem, outside)
  }
  for (const [says, code, told] of [
    ['the server is there again', 'store-unreachable', ['run over']],
    ['nothing is over that is its own fault', 'template-faulty', []],
  ] as const)
    test(says, async () => {
      site.hook.take()
      await fail(code)
      expect(site.posted()).toEqual(['run standing'])
      for (let time = 0; time < 2; time++) await tellOfReturn(configOf(site.dir), outside)
      expect(site.posted()).toEqual(told)
    })
})
