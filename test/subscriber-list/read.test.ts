import { describe, expect, test } from 'vitest'
import { Problem } from '../../src/problem.ts'
import { NOW, open, readersOf, rowsOf } from './list.ts'

const ANN = 'ann@example.net active'
const BOB = 'bob@example.net active'

/** `text` in UTF-16, the bytes of each unit swapped. */
function bigEndian(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16()
}

describe('openList() reads', () => {
  for (const [says, text, readers] of [
    ['an address on each line', 'ann@example.net\nbob@example.net\n', [ANN, BOB]],
    ['a single address', 'ann@example.net', [ANN]],
    ['addresses with something beside them, now and then', 'ann@example.net,Ann\nbob@example.net\n', [ANN, BOB]],
    ['names of columns in any case', 'Name,E-Mail Address\nAnn,ann@example.net\n', [ANN]],
    [
      'a column that is named in another language',
      'Emailadresse,Vorname\nann@example.net,Ann\nbob@example.net,Bob',
      [ANN, BOB],
    ],
    ['empty lines and empty rows', 'email,name\n\nann@example.net,\n,\n\r\nbob@example.net,\n', [ANN, BOB]],
    ['cells with white space around them', 'email , state\n ann@example.net , active \n', [ANN]],
    ['a byte order mark', '\ufeffemail\nann@example.net\n', [ANN]],
    ['UTF-16 with a mark', Buffer.from('\ufeffemail\tname\nann@example.net\tÄnn\n', 'utf16le'), [ANN]],
    ['UTF-16 without a mark', Buffer.from('email\tname\nann@example.net\tÄnn\n', 'utf16le'), [ANN]],
    ['UTF-16 in the other order', bigEndian('email,name\nann@example.net,Änn\n'), [ANN]],
    ['windows-1252', Buffer.from('Prénom;email\nZoé;ann@example.net\n', 'latin1'), [ANN]],
    ['the line ends of old Macs', 'email,name\rann@example.net,Ann\rbob@example.net,Bob\r', [ANN, BOB]],
    [
      'addresses that a spreadsheet was kept from',
      "email\n'=ann@example.net\n'bob@example.net",
      ['=ann@example.net active', "'bob@example.net active"],
    ],
    ['trailing delimiters', 'email,name\nann@example.net,Ann,,\n', [ANN]],
  ] as const)
    test(says, async () => expect(await readersOf(text)).toEqual(readers))
})

describe('openList() reports with its line, and goes on behind', () => {
  for (const [says, text, readers] of [
    ['a malformed address', 'email\nann@\nbob@example.net\n', ['list.csv:2 email-malformed', BOB]],
    ['a row without an address', 'email,name\n,Ann\nbob@example.net,Bob\n', ['list.csv:2 email-malformed', BOB]],
    ['a row with too few cells', 'email,name\nann@example.net\nbob@example.net,Bob\n', ['list.csv:2 list-cells', BOB]],
    [
      'a row with too many',
      'name,email\nLovelace, Ann,ann@example.net\nBob,bob@example.net\n',
      ['list.csv:2 list-cells', BOB],
    ],
    [
      'a quote that is not closed',
      'name,email\n"Ann,ann@example.net\n"B\nob",bob@example.net\nX,x',
      ['list.csv:2 list-quotes', BOB, 'list.csv:5 email-malformed'],
    ],
    [
      'an unknown frequency',
      'email,frequency\nann@example.net,hourly\nbob@example.net,',
      ['list.csv:2 frequency-unknown', BOB],
    ],
    ['an unknown zone', 'email,zone\nann@example.net,Mars/Olympus\nbob@example.net,', ['list.csv:2 zone-unknown', BOB]],
    [
      'a topic without a kind',
      'email,topics\nann@example.net,"tag:a, tides"\nbob@example.net,',
      ['list.csv:2 topic-malformed', BOB],
    ],
  ] as const)
    test(says, async () => expect(await readersOf(text)).toEqual(readers))
})

describe('openList() refuses', () => {
  for (const [says, text, code, mend] of [
    ['a zip', Buffer.from([0x50, 0x4b, 3, 4, 0, 0]), 'argument-archive', /unpack it first/],
    ['a gzip', Buffer.from([0x1f, 0x8b, 8, 0]), 'argument-archive', /unpack it first/],
    ['an empty list', '\n\n', 'argument-list', /give CSV/],
    ['a list without addresses', 'name,city\nAnn,Ulm\n', 'argument-columns', /name it "email"/],
    [
      'a list with two columns of addresses',
      'ann@example.net,bob@example.net\n',
      'argument-columns',
      /name it "email"/,
    ],
  ] as const)
    test(says, async () => {
      const problem: unknown = await open(text).catch((error: unknown) => error)
      expect(problem).toBeInstanceOf(Problem)
      expect(problem).toMatchObject({ code, where: 'list.csv', mend: expect.stringMatching(mend) })
    })
})

describe('a moment is read from', () => {
  for (const [text, iso] of [
    ['2024-03-14', '2024-03-14T00:00:00.000Z'],
    ['2024-03-14 09:12', '2024-03-14T09:12:00.000Z'],
    ['2024-03-14 09:12:31', '2024-03-14T09:12:31.000Z'],
    ['2024-03-14 09:12:31 UTC', '2024-03-14T09:12:31.000Z'],
    ['2024-03-14T09:12:31.123456Z', '2024-03-14T09:12:31.123Z'],
    ['2024-03-14T09:12:31.5-05:30', '2024-03-14T14:42:31.500Z'],
    ['2024-03-14 09:12:31+02', '2024-03-14T07:12:31.000Z'],
    ['2999-01-01', new Date(NOW).toISOString()],
  ] as const)
    test(text, async () => {
      const joinedAt = Date.parse(iso)
      expect(await rowsOf(`email,created_at\nann@example.net,${text}`)).toMatchObject([
        { reader: { joinedAt }, oddDate: null },
      ])
    })

  for (const text of ['14/03/2024', '2024-02-30', '2024-13-01', '1970-01-01', 'yesterday'])
    test(`no ${text}, which is told`, async () => {
      expect(await rowsOf(`email,created_at\nann@example.net,${text}`)).toMatchObject([
        { reader: { joinedAt: null }, oddDate: text },
      ])
    })
})

test('a list is read as its bytes come, and not before', async () => {
  let parts = 0
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('email\n')
    for (; parts < 1000; parts += 1) yield await Promise.resolve(Buffer.from(`ann@example.net\n`.repeat(8192)))
  }
  const { openList } = await import('../../src/subscriber-list/read.ts')
  const list = await openList(bytes(), { place: 'x', name: 'x', given: null, now: NOW, languageOf: () => null })
  const rows = list.rows[Symbol.asyncIterator]()
  await rows.next()
  await rows.next()
  expect(parts).toBeLessThan(5)
  await rows.return?.()
})
