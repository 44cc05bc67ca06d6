import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { alertFindings } from '../../src/doctor/alerts.ts'
import { feedFindings } from '../../src/doctor/feeds.ts'
import { diskFindings, folderFindings, mailFindings, sourceFindings } from '../../src/doctor/folders.ts'
import { putFile, tempFolder } from '../support/folder.ts'
import { configOf, runAt } from '../support/run-at.ts'
import { told } from './asking.ts'

const SITE = 'site: { title: Tide Notes, url: "https://tides.example.org/" }\n'

let dir = ''
beforeEach(() => {
  dir = tempFolder({ 'feedwire.config.yaml': SITE, 'articles/ebb.md': '# Ebb\n\nWater leaves.\n' })
})
afterEach(() => rmSync(dir, { recursive: true }))

function settings(text: string): ReturnType<typeof configOf> {
  putFile(dir, 'feedwire.config.yaml', SITE + text)
  return configOf(dir)
}

test('a source that can be read is well', () => {
  expect(told(sourceFindings(configOf(dir).sources))).toEqual(['ok: 1 source can be read'])
})

test('a source that is not there, or no folder, is a fault', () => {
  putFile(dir, 'notes', 'a file')
  const { sources } = settings('sources: [{ kind: markdown, dir: posts }, { kind: markdown, dir: notes }]\n')
  expect(told(sourceFindings(sources))).toEqual([
    'fault: posts: the folder cannot be read (ENOENT)',
    'fault: notes: the folder cannot be read (it is no folder)',
  ])
})

test('a listing without a file is told of', () => {
  const { sources } = settings('sources: [{ kind: listing, files: "captures/*.txt" }]\n')
  expect(told(sourceFindings(sources))).toEqual(['note: captures/*.txt: no file matches the pattern'])
  putFile(dir, 'captures/a.txt', 'x')
  expect(told(sourceFindings(sources))).toEqual(['ok: 1 source can be read'])
})

test('folders that are yet to be made are well where they can be made', () => {
  expect(told(folderFindings(settings('publish: { dir: a/b/c }\n')))).toEqual([
    'ok: publish.dir, database, the outbox can be written',
  ])
})

test('a file in the place of a folder is a fault', () => {
  putFile(dir, 'outbox', 'x')
  putFile(dir, 'taken', 'x')
  const config = settings('publish: { dir: taken/public }\n')
  expect(told(folderFindings(config))).toEqual([
    `fault: publish.dir: ${join(dir, 'taken/public')} cannot be written (it is no folder)`,
    `fault: the outbox: ${join(dir, 'outbox')} cannot be written (it is no folder)`,
  ])
})

test('a disk is looked at once', () => {
  expect(told(diskFindings(configOf(dir)))).toEqual([expect.stringContaining(`on the disk of ${dir}`)])
})

test('mails that wait for a person are counted', () => {
  const config = configOf(dir)
  expect(told(mailFindings(config))).toEqual(['ok: No mail waits for a person'])
  mkdirSync(join(dir, 'unread'))
  expect(told(mailFindings(config))).toEqual(['ok: No mail waits for a person'])
  putFile(dir, 'unread/a.eml', 'x')
  putFile(dir, 'unread/b.eml', 'x')
  putFile(dir, 'unread/.c.eml.7.tmp', 'x')
  expect(told(mailFindings(config))).toEqual([`note: 2 mails wait to be read in ${join(dir, 'unread')}`])
})

test('what is published is looked at as a validator does', async () => {
  const { publish } = configOf(dir)
  const now = Date.parse('2026-05-01T00:00:00Z')
  expect(told(feedFindings(publish, now))).toEqual(['note: Nothing is published yet'])
  await runAt(dir, '2026-05-01T00:00:00Z')
  expect(told(feedFindings(publish, now))).toEqual([
    expect.stringMatching(/^ok: \d+ documents and \d+ other files, no fault$/),
  ])
  // The day before, its dates lie in the future.
  expect(told(feedFindings(publish, now - 86_400_000 * 2))).toEqual([
    expect.stringMatching(/^(?:fault|note): \d+ documents with \d+ errors and \d+ warnings$/),
  ])
  rmSync(join(dir, 'public/atom.xml'))
  expect(told(feedFindings(publish, now))).toEqual([
    `fault: Files that were published are gone from ${publish.dir}, or were cut`,
  ])
})

for (const [says, text, expected] of [
  ['nobody', '', ['note: Nobody is told when a run fails or does not come']],
  [
    'by address alone, since the rest of it may be a key,',
    'alerts: { url: "https://alerts.example.net/key-7" }\nheartbeat: https://ping.example.net/key-8\n',
    ['ok: requests to alerts.example.net, a heartbeat to ping.example.net'],
  ],
  [
    'by letters that become files',
    'alerts: { mail: ada@example.org }\n',
    ['ok: letters to ada@example.org', 'note: The letters of alerts go into the outbox (mail.smtp is not set)'],
  ],
] as const)
  test(`alertFindings() tells that ${says} is told`, () =>
    expect(told(alertFindings(settings(text)))).toEqual(expected))
