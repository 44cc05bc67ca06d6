import { rmSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Config, loadConfig } from '../src/config.ts'
import { putFile, tempFolder } from './support/folder.ts'

let dir = ''
beforeEach(() => {
  dir = tempFolder()
})
afterEach(() => {
  rmSync(dir, { recursive: true })
})

/** The settings with these lines under `mail`, which is their second line. */
function settings(lines: readonly string[]): ReturnType<typeof loadConfig> {
  const yaml = ['site: { title: Tide Notes, url: "https://tides.example.org" }', 'mail:', ...lines.map((l) => `  ${l}`)]
  putFile(dir, 'feedwire.config.yaml', `${yaml.join('\n')}\n`)
  return loadConfig(null, dir, {})
}

function mailOf(...lines: string[]): Config['mail'] {
  const loaded = settings(lines)
  if (!loaded.ok) throw new AggregateError(loaded.problems, 'the settings are wrong')
  return loaded.config.mail
}

function faultsOf(...lines: string[]): string[] {
  const loaded = settings(lines)
  return loaded.ok ? [] : loaded.problems.map(({ where, message }) => `${where ?? ''} ${message}`)
}

describe('mail.rate is read as milliseconds from one letter to the next:', () => {
  for (const [text, interval] of [
    ['10/s', 100],
    ['100/m', 600],
    ['500/h', 7_200],
    ['2000/d', 43_200],
    ['1/s', 1_000],
    ['1/d', 86_400_000],
    ['" 10 / s "', 100],
  ] as const)
    test(`${text} is ${interval}`, () => expect(mailOf(`rate: ${text}`).rates.all).toBe(interval))

  test('null is as fast as they are taken', () => expect(mailOf('rate: null').rates.all).toBeNull())
})

describe('mail.rates', () => {
  test('are read for each domain, as addresses have it', () => {
    const { all, domains } = mailOf('rates:', '  Gmail.com: 1/s', '  bücher.example: 100/m', '  qq.com: 2000/d').rates
    expect(all).toBeNull()
    expect([...domains]).toEqual([
      ['gmail.com', 1_000],
      ['xn--bcher-kva.example', 600],
      ['qq.com', 43_200],
    ])
  })

  test('stand beside mail.rate', () => {
    const { rates } = mailOf('rate: 10/s', 'rates: { gmail.com: 1/s }')
    expect(rates).toEqual({ all: 100, domains: new Map([['gmail.com', 1_000]]) })
  })

  test('are set for SMTP as for an outbox', () => {
    const smtp = ['from: ada@example.org', 'smtp: "smtp://localhost"', 'rate: 10/s', 'unknown: hold']
    expect(mailOf(...smtp)).toMatchObject({ kind: 'smtp', rates: { all: 100 }, unknown: 'hold' })
    expect(mailOf(...smtp.slice(2))).toMatchObject({ kind: 'outbox', rates: { all: 100 }, unknown: 'hold' })
  })
})

describe('mail.unknown', () => {
  for (const [lines, unknown] of [
    [['unknown: hold'], 'hold'],
    [['unknown: send'], 'send'],
    [['rate: null'], 'send'],
  ] as const)
    test(`is ${unknown} for ${lines.join()}`, () => expect(mailOf(...lines).unknown).toBe(unknown))
})

describe('a fault of the settings of mail is named with its line:', () => {
  const HOW = 'write letters a second, minute, hour or day, at most 200/s, such as 10/s or 500/h'
  for (const [says, lines, fault] of [
    ['a rate of none', ['rate: 0/s'], `3 mail.rate: "0/s" is not a rate; ${HOW}`],
    ['a rate without a time', ['connections: 2', 'rate: "10"'], `4 mail.rate: "10" is not a rate; ${HOW}`],
    ['a rate a week', ['rate: 10/w'], `3 mail.rate: "10/w" is not a rate; ${HOW}`],
    ['a rate that is no whole number', ['rate: 0.5/s'], `3 mail.rate: "0.5/s" is not a rate; ${HOW}`],
    ['a rate below none', ['rate: -1/s'], `3 mail.rate: "-1/s" is not a rate; ${HOW}`],
    ['a name that every object has', ['rate: 1/constructor'], `3 mail.rate: "1/constructor" is not a rate; ${HOW}`],
    ['a rate that is a number', ['rate: 10'], '3 mail.rate: must be text'],
    [
      'a rate of a domain',
      ['rates:', '  a.example: 1/s', '  b.example: x'],
      '5 mail.rates.b.example: "x" is not a rate',
    ],
    [
      'a domain that is none',
      ['rates:', '  a.example: 1/s', '  -x-: 1/s'],
      '5 mail.rates.-x-: must be such as { gmail',
    ],
    ['an address for a domain', ['rates:', '  a@b.example: 1/s'], '4 mail.rates.a@b.example: must be such as'],
    ['one rate in place of rates', ['rates: 1/s'], '3 mail.rates: must be such as { gmail.com: 1/s }'],
    ['another word for the unknown', ['unknown: drop'], '3 mail.unknown: must be send or hold'],
  ] as const)
    test(says, () => {
      const faults = faultsOf(...lines)
      expect(faults).toHaveLength(1)
      expect(faults[0]?.slice(0, `feedwire.config.yaml:${fault}`.length)).toBe(`feedwire.config.yaml:${fault}`)
    })

  test('all of them at once', () => {
    const faults = faultsOf('rate: fast', 'rates: { a.example: slow }', 'unknown: maybe')
    expect(faults.map((fault) => /:(\d+ mail\.\w+)/.exec(fault)?.[1])).toEqual([
      ...['3 mail.rate', '4 mail.rates', '5 mail.unknown'],
    ])
  })
})
