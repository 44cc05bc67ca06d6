import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { execPath, getuid } from 'node:process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { filesBelow, tempFolder } from '../support/folder.ts'
import { gaugeSettings, writeGauge } from '../support/gauges.ts'
import { installPacked } from '../support/packed.ts'
import { ROOT } from '../support/sample-site.ts'

/** Whose crontab it is; nobody else's is touched. */
const USER = 'games'
const TICKS = 3
const STATUS = z.object({ runs: z.array(z.object({ endedAt: z.string().nullable() })) })
const PATIENCE = { timeout: 120_000, interval: 500 }

/** Why it cannot be tried, or null. On CI it always can. */
const lacks = !existsSync('/usr/sbin/cron') ? 'the Debian package cron' : getuid?.() !== 0 ? 'the rights of root' : null

describe.skipIf(lacks !== null && process.env['CI'] === undefined)(
  'the packed program under the cron of Debian',
  () => {
    const dir = tempFolder()
    const site = join(dir, 'site')
    const said = join(dir, 'said')
    let cron: ChildProcess
    let bin = ''

    beforeAll(() => {
      bin = installPacked(dir)
      gaugeSettings(site, { subscribers: ['ada@example.net'] })
      writeGauge(site, 'old', [])
      execFileSync('chown', ['-R', USER, dir])
      chmodSync(dir, 0o755)
      // On a wall clock three ticks of a quarter of an hour are too long a test: it ticks each minute here.
      const crontab = readFileSync(join(ROOT, 'docs/deploy/crontab'), 'utf8')
        .replace('MAILTO=ada@example.org', `MAILTO=""\nHOME=${dir}`)
        .replace('PATH=/usr/local/bin', `PATH=${bin}:${dirname(execPath)}`)
        .replace(/^\*\/15 (.*)$/m, `* $1 >>${said} 2>&1`)
      expect(crontab).toMatch(/^\* +\* \* \* \* +cd "\$HOME\/site" && feedwire run --quiet/m)
      execFileSync('crontab', ['-u', USER, '-'], { input: crontab })
      cron = spawn('/usr/sbin/cron', ['-f'], { stdio: 'ignore' })
    })
    afterAll(async () => {
      execFileSync('crontab', ['-u', USER, '-r'])
      // Another cron of this machine lets it end at once.
      if (cron.kill('SIGTERM')) await once(cron, 'exit')
      rmSync(dir, { recursive: true })
    })

    /** Waits until so many runs have come to their end. */
    async function expectRuns(count: number): Promise<void> {
      // As the same user: files beside the store that root makes could not be written by the next run.
      const ended = (): string[] => {
        const asked = ['-u', USER, '--', execPath, join(bin, 'feedwire'), 'status', '--json']
        const { stdout } = spawnSync('runuser', asked, { cwd: site, encoding: 'utf8' })
        return STATUS.parse(JSON.parse(stdout)).runs.flatMap(({ endedAt }) => endedAt ?? [])
      }
      await expect.poll(() => existsSync(join(site, 'feedwire.db')), PATIENCE).toBe(true)
      await expect.poll(ended, PATIENCE).toHaveLength(count)
    }

    test(`mails what is new once in ${TICKS} ticks, and says only what needs a person`, async () => {
      await expectRuns(1)
      expect(filesBelow(join(site, 'outbox'))).toEqual([])
      writeGauge(site, 'ebb', [])
      await expectRuns(2)
      expect(filesBelow(join(site, 'outbox'))).toHaveLength(1)
      expect(readFileSync(said, 'utf8')).toBe('')
      // Nobody but root may read it.
      writeGauge(site, 'locked', [])
      chmodSync(join(site, 'articles/locked.md'), 0)
      await expectRuns(TICKS)
      expect(readFileSync(said, 'utf8')).toMatch(/^error: .*articles\/locked\.md/)
      expect(filesBelow(join(site, 'outbox'))).toHaveLength(1)
    })
  },
)
