import { chmodSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { plainSecrets, secretFindings, settingsFindings } from '../../src/doctor/settings.ts'
import { tempFolder, putFile } from '../support/folder.ts'
import { configOf } from '../support/run-at.ts'
import { told } from './asking.ts'

const NAME = 'feedwire.config.yaml'
const SITE = 'site: { title: Tide Notes, url: "https://tides.example.org/" }\n'
const PEM = '-----BEGIN PRIVATE KEY-----'

let dir = ''
let file = ''
beforeEach(() => {
  dir = tempFolder({ [NAME]: SITE })
  file = join(dir, NAME)
  chmodSync(file, 0o644)
})
afterEach(() => rmSync(dir, { recursive: true }))

for (const [says, text, expected] of [
  ['finds none where there is none', SITE, []],
  ['finds a secret', 'secret: 0123456789abcdef', ['secret']],
  ['finds none that is named', 'secret: ${FEEDWIRE_SECRET}', []],
  ['finds a password of the mail server', 'mail: { smtp: "smtp://ada:geheim@mail.example.org" }', ['mail.smtp']],
  ['finds a password of the database', 'database: "postgres://ada:geheim@db.example.org/tides"', ['database']],
  ['finds one in its query', 'database: "postgres://db.example.org/tides?password=geheim"', ['database']],
  ['finds none in the path of a store', 'database: tides.db', []],
  ['finds no password that is named', 'mail: { smtp: "smtp://ada:${PASSWORD}@mail.example.org" }', []],
  ['finds none in an address without one', 'mail: { smtp: "smtp://mail.example.org" }', []],
  ['finds a key', `mail: { dkim: { selector: news, key: "${PEM}" } }`, ['mail.dkim']],
  ['finds a second key', `mail: { dkim: [{ key: news.pem }, { key: "${PEM}" }] }`, ['mail.dkim']],
  ['finds no path of a key', 'mail: { dkim: { selector: news, key: news.pem } }', []],
  ['reads JSON', '{ "secret": "0123456789abcdef" }', ['secret']],
] as const)
  test(`plainSecrets() ${says}`, () => expect(plainSecrets(text)).toEqual(expected))

test('settings without secrets may be read by others', () => {
  expect(told(settingsFindings(file, configOf(dir)))).toEqual([`ok: ${NAME}: 1 source, no fault`])
})

test.skipIf(process.platform === 'win32')('files with secrets that others may read are told of', () => {
  putFile(
    dir,
    NAME,
    `${SITE}secret: 0123456789abcdef\nmail: { from: a@example.org, dkim: { selector: n, key: n.pem } }\n`,
  )
  putFile(dir, '.env', 'PASSWORD=geheim\n')
  putFile(dir, 'n.pem', PEM)
  const files = [file, join(dir, '.env'), join(dir, 'n.pem')]
  for (const one of files) chmodSync(one, 0o640)
  const notes = files.map((one) => `note: Others on this machine may read ${one}, which holds secrets`)
  expect(told(settingsFindings(file, configOf(dir))).slice(1)).toEqual(notes)
  for (const one of files) chmodSync(one, 0o600)
  expect(told(settingsFindings(file, configOf(dir))).slice(1)).toEqual([])
})

for (const [says, configured, stored, expected] of [
  ['tells of one in the store', null, true, 'ok: The secret stands in the store; a backup keeps it'],
  ['tells that one will be made', null, false, 'ok: The first run makes a secret'],
  ['tells when the store cannot be asked', null, null, 'skipped: The secret stands in the store, which cannot be read'],
  ['counts that of the settings', 'x'.repeat(32), true, 'ok: The secret comes from the settings (32 characters)'],
  ['tells of a short one', 'x'.repeat(31), true, 'note: The secret has only 31 characters'],
] as const)
  test(`secretFindings() ${says}`, () => expect(told(secretFindings(file, configured, stored))).toEqual([expected]))

test('secrets in the clear are told of by the names of their settings', () => {
  putFile(dir, NAME, 'secret: geheimgeheimgeheim\nmail: { smtp: "smtp://ada:geheim@mail.example.org" }\n')
  const found = secretFindings(file, 'geheimgeheimgeheim', false)
  expect(told(found)[1]).toBe(`note: secret and mail.smtp stand in ${NAME} in the clear`)
  expect(JSON.stringify(found)).not.toContain('geheim')
})
