import { readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { feedwireAt } from './support/command.ts'
import { NOW, begun, expectUnchanged, news } from './support/digest-site.ts'
import { filesBelow, putFile, tempFolder } from './support/folder.ts'
import { gaugeSettings, gaugesIn, writeGauge } from './support/gauges.ts'
import { lettersIn } from './support/run-at.ts'
import { type Answer, startSink } from './support/smtp-sink.ts'

const HOW_TO_NAME = '"feedwire digests list" names them; a beginning will do if no other has it'

let dir = ''
let temporary = ''
beforeEach(() => {
  dir = tempFolder()
  temporary = tempFolder()
  vi.stubEnv('TMPDIR', temporary)
})
afterEach(() => {
  vi.unstubAllEnvs()
  for (const folder of [dir, temporary]) rmSync(folder, { recursive: true })
})

describe('feedwire preview', () => {
  test('says subject, size and readers of each letter, and where it stands', async () => {
    await begun(dir)
    news(dir)
    const { code, out, err } = await feedwireAt(dir, NOW, 'preview', '--out', 'drafts')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const size = expect.stringMatching(/^Size {7}\d+\.\d KB of HTML, \d+\.\d KB in all$/)
    const place = (label: string, ending: string): unknown =>
      expect.stringMatching(new RegExp(`^${label} {7}${join(dir, 'drafts/20260131-')}[0-9a-f]{8}\\.${ending}$`))
    const files = [place('HTML', 'html'), place('Text', 'txt'), '']
    expect(out.split('\n').slice(0, -1)).toEqual([
      ...['Subject    Tide Notes: The north gauge (+1 more)', 'Entries    2', size],
      ...["Readers    2 (2 on the site's schedule, everything)", ...files],
      ...['Subject    Tide Notes: The north gauge', 'Entries    1', size],
      ...["Readers    1 (1 on the site's schedule, tag:tides)", ...files],
      ...['Subject    Tide Notes：The north gauge（另有 1 篇）', 'Entries    2', size],
      ...["Readers    1 (1 on the site's schedule, everything, zh)", ...files],
    ])
  })

  test('writes the HTML and the text of each letter as the run after it mails them', async () => {
    await begun(dir)
    news(dir)
    await feedwireAt(dir, NOW, 'preview', '--out', 'drafts')
    const drafts = filesBelow(join(dir, 'drafts')).map((path) => readFileSync(join(dir, 'drafts', path), 'utf8'))
    await feedwireAt(dir, NOW, 'run')
    const letters = await lettersIn(dir)
    const neutral = (text: string): string =>
      text.replace(/\d{8}-[0-9a-f]{8}|\w+@example\.(?:net|org)/g, '*').replace(/\r\n/g, '\n')
    const mailed = letters.flatMap(({ to, html, text }) => (to.startsWith('bob') ? [] : [html, text])).map(neutral)
    expect(
      drafts
        .map(neutral)
        .map((text) => text.trim())
        .sort(),
    ).toEqual(mailed.map((text) => text.trim()).sort())
  })

  test('changes nothing, whether it writes into a folder of ours or of the system', async () => {
    await begun(dir)
    news(dir)
    await expectUnchanged(dir, () => feedwireAt(dir, NOW, 'preview'))
    await expectUnchanged(dir, async () => {
      await feedwireAt(dir, NOW, 'preview', '--out', 'drafts')
      rmSync(join(dir, 'drafts'), { recursive: true })
    })
  })

  test('opens the first letter, from a folder of its own, and leaves the copy of the store nowhere', async () => {
    await begun(dir)
    news(dir)
    const { opened, out } = await feedwireAt(dir, NOW, 'preview')
    const [folder = '', ...others] = readdirSync(temporary)
    expect(others).toEqual([])
    expect(
      readdirSync(join(temporary, folder))
        .map((path) => path.replace(/.*\./, ''))
        .sort(),
    ).toEqual(['html', 'html', 'html', 'txt', 'txt', 'txt'])
    expect(opened).toEqual([/^HTML {7}(.*)$/m.exec(out)?.[1]])
  })

  for (const option of ['--no-open', '--json'])
    test(`opens nothing with ${option}`, async () => {
      await begun(dir)
      news(dir)
      expect((await feedwireAt(dir, NOW, 'preview', option)).opened).toEqual([])
    })

  test('--json prints one object', async () => {
    await begun(dir)
    news(dir)
    const { out } = await feedwireAt(dir, NOW, 'preview', '--json', '--out', 'drafts')
    const letter = (subject: string, entries: number, audiences: readonly object[]) => ({
      ...{ id: expect.stringMatching(/^20260131-/), subject, entries, more: 0, recipients: audiences.length },
      ...{ size: { html: expect.any(Number), whole: expect.any(Number) }, audiences },
      ...{ html: expect.stringMatching(/\.html$/), text: expect.stringMatching(/\.txt$/) },
    })
    const plain = { frequency: 'site', zone: null, topics: [], language: null, readers: 1 }
    expect(JSON.parse(out)).toEqual({
      isSample: false,
      letters: [
        { ...letter('Tide Notes: The north gauge (+1 more)', 2, [{ ...plain, readers: 2 }]), recipients: 2 },
        letter('Tide Notes: The north gauge', 1, [{ ...plain, topics: ['tag:tides'] }]),
        letter('Tide Notes：The north gauge（另有 1 篇）', 2, [{ ...plain, language: 'zh' }]),
      ],
    })
  })

  test('shows letters also to readers whose hour has not come', async () => {
    await begun(dir, {
      digest: { schedule: '0 8 * * *' },
      subscribers: [{ address: 'eve@example.net', frequency: 'weekly' }],
    })
    news(dir)
    const { out } = await feedwireAt(dir, NOW, 'preview')
    expect(out).toContain('Readers    1 (1 weekly, everything)')
  })

  test('shows the newest entries when nobody is due anything, and says so', async () => {
    await begun(dir)
    const { code, out } = await expectUnchanged(dir, () => feedwireAt(dir, NOW, 'preview'))
    expect(code).toBe(0)
    expect(out).toMatch(/^Nothing would go out now\. This is how the newest entries look as a letter:\n/)
    expect(out).toContain('Subject    Tide Notes: The old gauge\nEntries    1\n')
    expect(out).toContain('Readers    0\n')
  })

  test('says that there is no entry, and makes no store and no folder', async () => {
    gaugeSettings(dir)
    putFile(dir, 'articles/draft.md', '---\ndraft: true\n---\nNot yet.\n')
    const said = await expectUnchanged(dir, () => feedwireAt(dir, NOW, 'preview'))
    expect(said).toMatchObject({ code: 0, out: 'There is no entry yet, so there is no letter to show.\n', opened: [] })
    expect(readdirSync(temporary)).toEqual([])
  })

  test('tells of an article that is set aside', async () => {
    await begun(dir)
    putFile(dir, 'articles/broken.md', '---js\n{}\n---\n')
    expect((await feedwireAt(dir, NOW, 'preview')).err).toMatch(/^error: articles\/broken\.md:\d: /)
  })

  test('ends with 2 for a template with a slip in it, says where, and writes nothing', async () => {
    await begun(dir)
    news(dir)
    putFile(dir, 'templates/digest.text.liquid', 'Hello\n{{ digest.tilte }}\n')
    const { code, out, err } = await expectUnchanged(dir, () => feedwireAt(dir, NOW, 'preview', '--out', 'drafts'))
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(/^feedwire: templates\/digest\.text\.liquid:2:4: .*digest\.tilte/)
    expect(readdirSync(temporary)).toEqual([])
  })
})

describe('feedwire digests', () => {
  /** Two digests: of the first, letters were taken, refused and put off, and a reader left before theirs went out. */
  async function mailed(): Promise<void> {
    const sink = await startSink()
    await begun(dir, { mail: { from: 'digest@example.org', smtp: sink.url.href } })
    news(dir)
    const answers: Record<string, Answer> = {
      'bob@example.net': '550 5.3.0 gone',
      'dan@example.net': '451 4.3.0 later',
    }
    sink.script = (stage, about) => (stage === 'rcpt' ? (answers[about] ?? 'accept') : 'accept')
    await feedwireAt(dir, NOW, 'run')
    await feedwireAt(dir, NOW, 'subscribers', 'remove', 'dan@example.net')
    writeGauge(dir, 'south', ['tags: [tides]'])
    await feedwireAt(dir, '2026-02-01T12:15:00Z', 'run')
    await sink.close()
  }

  test('list names the newest first, with its day and what became of its letters', async () => {
    await begun(dir)
    expect(await feedwireAt(dir, NOW, 'digests', 'list')).toMatchObject({ code: 0, out: 'There is no digest yet.\n' })
    await mailed()
    const { code, out } = await feedwireAt(dir, NOW, 'digests', 'list')
    expect(code).toBe(0)
    const [newest, ...others] = out.trimEnd().split('\n')
    expect(newest).toMatch(
      /^20260201-[0-9a-f]{8} {2}2026-02-01 12:15 {2}3 letters: 1 refused, 2 sent {2}Tide Notes: The south gauge$/,
    )
    expect(others.map((line) => line.slice(19)).sort()).toEqual([
      '2026-01-31 12:15  1 letter: 1 sent  Tide Notes: The north gauge',
      '2026-01-31 12:15  1 letter: 1 suppressed  Tide Notes：The north gauge（另有 1 篇）',
      '2026-01-31 12:15  2 letters: 1 refused, 1 sent  Tide Notes: The north gauge (+1 more)',
    ])
    expect((await feedwireAt(dir, NOW, 'digests', 'list', '--limit', '1')).out).toBe(`${newest ?? ''}\n`)
  })

  test('list --json prints one array', async () => {
    await mailed()
    const { out } = await feedwireAt(dir, NOW, 'digests', 'list', '--json', '--limit', '1')
    expect(JSON.parse(out)).toEqual([
      {
        ...{
          id: expect.stringMatching(/^20260201-/),
          date: '2026-02-01T12:15:00.000Z',
          frequency: 'site',
          zone: 'UTC',
        },
        ...{ subject: 'Tide Notes: The south gauge', slot: expect.any(String), entries: 1, more: 0, recipients: 3 },
        ...{ letters: { refused: 1, sent: 2 }, doneAt: '2026-02-01T12:15:00.000Z' },
      },
    ])
  })

  test('show tells of one, by how its id begins', async () => {
    await mailed()
    const { code, out } = await feedwireAt(dir, NOW, 'digests', 'show', '20260201')
    expect(code).toBe(0)
    expect(out.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^Digest {5}20260201-[0-9a-f]{8}$/),
      'Subject    Tide Notes: The south gauge',
      expect.stringMatching(/^Frozen {5}2026-02-01 12:15 \(UTC\), site, slot \d+ \(UTC\)$/),
      'Entries    1',
      'Letters    3 letters: 1 refused, 2 sent',
      "Readers    2: on the site's schedule, everything",
      "Readers    1: on the site's schedule, tag:tides",
      'refused    1: 550 5.3.0 gone (bob@example.net)',
    ])
    const json: unknown = JSON.parse((await feedwireAt(dir, NOW, 'digests', 'show', '20260201', '--json')).out)
    expect(json).toMatchObject({ entries: 1, recipients: 3, audiences: [{ readers: 2 }, { topics: ['tag:tides'] }] })
  })

  test('show --html and --text print its letter', async () => {
    await mailed()
    const { out: text } = await feedwireAt(dir, NOW, 'digests', 'show', '20260201', '--text')
    expect(gaugesIn(text)).toEqual(['south'])
    const { out: html } = await feedwireAt(dir, NOW, 'digests', 'show', '20260201', '--html')
    expect(html).toMatch(/^<!doctype html>[^]*The south gauge[^]*<\/html>\s*$/i)
  })

  for (const [says, name] of [
    ['several digests begin with', '20260131'],
    ['every digest begins with', ''],
    ['no digest begins with', '2027'],
    ['is a pattern of SQL', '20260201%'],
    ['is a pattern of SQL for one character', '20260201_'],
  ] as const)
    test(`show ends with 2 for what ${says}`, async () => {
      await mailed()
      const { code, out, err } = await feedwireAt(dir, NOW, 'digests', 'show', name)
      expect({ code, out }).toEqual({ code: 2, out: '' })
      expect(err).toBe(`feedwire: There is no one digest "${name}" - ${HOW_TO_NAME}\n`)
    })
})
