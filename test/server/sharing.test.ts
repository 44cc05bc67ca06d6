import { rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { sql } from 'kysely'
import { eventsOf } from '../support/cluster-events.ts'
import { inStore } from '../support/in-store.ts'
import { storePlace } from '../support/database.ts'
import { tempFolder } from '../support/folder.ts'
import { gaugeSettings, writeGauge } from '../support/gauges.ts'
import { startDaemon } from '../support/program.ts'
import { type Answer, startSink } from '../support/smtp-sink.ts'

const READERS = Array.from({ length: 24 }, (_, n) => `reader-${n + 1}@example.net`)
const CONNECTIONS = 3

test('three daemons that start at once make one digest, and send its letters together', async () => {
  const dir = tempFolder()
  const sink = await startSink()
  // None is answered before more are under way than one machine has connections.
  let [underWay, letGo] = [0, (): void => undefined]
  const areMany = new Promise<void>((resolve) => (letGo = resolve))
  sink.script = async (stage): Promise<Answer> => {
    if (stage === 'dot' && ++underWay > CONNECTIONS) letGo()
    if (stage === 'dot') await areMany
    return 'accept'
  }
  const mail = { from: 'digest@example.org', smtp: sink.url.href, connections: CONNECTIONS }
  gaugeSettings(dir, { mail, subscribers: READERS, digest: { first_run: 5 }, schedule: '0 0 1 1 *' })
  writeGauge(dir, 'north', ['date: 2026-01-30'])
  const daemons = Array.from({ length: 3 }, () => startDaemon(dir))
  const open = sql`select 1 from ledger right join digests on true where state is null or state <> 'sent' limit 1`
  try {
    await areMany
    await inStore(storePlace(dir), async (store) => {
      while ((await open.execute(store)).rows.length > 0);
      expect(await store.selectFrom('digests').select('recipients').execute()).toEqual([{ recipients: READERS.length }])
    })
    for (const daemon of daemons) daemon.stop()
    for (const daemon of daemons) expect(await daemon.ended).toEqual({ code: 0, stderr: '' })
    expect(daemons.flatMap((daemon) => eventsOf(daemon, 'run'))).toMatchObject([{ digests: 1 }])
    expect(daemons.filter(({ lines }) => lines.some((line) => /"(?:run|shared)"/.test(line))).length).toBeGreaterThan(1)
    expect(sink.received.flatMap(({ to }) => to).sort()).toEqual(READERS.toSorted())
  } finally {
    for (const daemon of daemons) daemon.kill()
    await sink.close()
    rmSync(dir, { recursive: true })
  }
})
