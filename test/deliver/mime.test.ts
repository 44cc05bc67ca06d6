import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { simpleParser } from 'mailparser'
import { describe, expect, test } from 'vitest'
import { type Letter, bodyText } from '../../src/deliver/mailer.ts'
import { composeMime, mimeOf } from '../../src/deliver/mime.ts'
import { parseEmailAddress, parseMailbox } from '../../src/subscriber.ts'
import { pythonMissing, readLetter } from '../support/read-letter.ts'
import { type LetterChanges, letterWith } from './samples.ts'

const HEADERS = [
  'list-id',
  'list-help',
  'list-archive',
  'archived-at',
  'list-unsubscribe',
  'auto-submitted',
  'precedence',
  'from',
  'to',
  'subject',
  'message-id',
  'date',
  'mime-version',
  'content-type',
]

test('composeMime() writes the golden letter', async () => {
  const golden = readFileSync(new URL('../golden/letter.eml', import.meta.url), 'utf8')
  const mime = await composeMime(letterWith())
  expect(withLf(mime.toString())).toBe(withLf(golden))
})

test('composeMime() writes the same bytes again', async () => {
  expect(await composeMime(letterWith())).toEqual(await composeMime(letterWith()))
})

test('composeMime() names the one-click address first, and what takes its POST (RFC 8058)', async () => {
  const [https, mailto] = ['https://news.example.org/u/16.abc', 'mailto:bounces+u42@example.org?subject=unsubscribe']
  const mime = (await composeMime(letterWith({ listUnsubscribe: [https, mailto], hasOneClick: true }))).toString()
  expect(mime).toContain(`\r\nList-Unsubscribe: <${https}>,\r\n <${mailto}>\r\n`)
  expect(mime).toContain('\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n')
})

test('composeMime() claims no one-click address when there is none', async () => {
  expect((await composeMime(letterWith())).toString()).not.toMatch(/^List-Unsubscribe-Post/im)
})

test('composeMime() writes Reply-To when answers go elsewhere', async () => {
  const mime = await composeMime(letterWith({ replyTo: parseMailbox('Ada 潮 <ada@example.org>') }))
  expect((await simpleParser(mime)).replyTo?.value).toEqual([{ name: 'Ada 潮', address: 'ada@example.org' }])
})

test('composeMime() writes an address of other letters as they are (RFC 6532)', async () => {
  const mime = await composeMime(letterWith({ to: parseEmailAddress('läsare@exämple.net') }))
  expect(mime.toString()).toMatch(/^To: läsare@exämple.net\r$/m)
})

test('composeMime() writes what mailparser reads', async () => {
  const letter = letterWith()
  const read = await simpleParser(await composeMime(letter))
  expect(read).toMatchObject({ subject: letter.subject, text: bodyText(letter.text), html: bodyText(letter.html) })
  expect(read).toMatchObject({ messageId: '<7.42@example.org>', date: new Date(letter.date) })
  expect(read.from?.value).toEqual([{ name: '潮汐 Notes', address: 'digest@example.org' }])
  expect(read.attachments).toEqual([])
})

const LONG_TOKEN = 'x'.repeat(3000)
const HOSTILE: readonly (readonly [says: string, changes: LetterChanges])[] = [
  ['an ordinary letter', {}],
  ['a long Chinese subject', { subject: '潮汐随月亮而来，'.repeat(60) }],
  ['a subject of emoji and Latin', { subject: '😀 tide '.repeat(60).trim() }],
  ['a long subject without a space', { subject: LONG_TOKEN }],
  ['a subject that looks encoded', { subject: '=?UTF-8?Q?tide=0D=0ABcc:_eve@example.com?=' }],
  ['a name of specials', { from: { name: 'Ada "The, Tide" <eve@example.com>', address: letterWith().from.address } }],
  ['bodies that are one long line', { text: LONG_TOKEN, html: `<p>${LONG_TOKEN}</p>` }],
  ['bodies in Chinese', { text: '潮汐\n'.repeat(300), html: '<p>潮汐</p>\n'.repeat(300) }],
  ['bodies that hold controls', { text: 'a\u0000b\u001b[31m\u000bc', html: '<p>\u0000</p>' }],
  [
    'bodies that hold boundaries',
    { text: `--=_feedwire-2761fb70c5827248100f2e4b-Part_1--\n.\n..\n`, html: '<p>--</p>' },
  ],
]

describe('composeMime() writes what Python reads without a defect:', () => {
  for (const [says, changes] of HOSTILE)
    test.skipIf(pythonMissing())(says, async () => {
      const letter = letterWith(changes)
      const { defects, headers, parts } = readLetter(await composeMime(letter))
      expect(defects).toEqual([])
      expect(headers.map(([name]) => name)).toEqual(HEADERS)
      expect(new Map(headers).get('subject')).toBe(letter.subject)
      expect(parts).toEqual([
        ['text/plain', bodyText(letter.text)],
        ['text/html', bodyText(letter.html)],
      ])
    })
})

/** The bodies of a letter to a reader, and of one that nobody shares. */
const OF_ADA = ['ada@example.net', 'https://news.example.org/u/1?token=ada']
const LATIN = { shared: ['<p>The tide  comes  in, ', ' </p>\n<p>leave: ', '</p>\n'], own: OF_ADA }
const CHINESE = { shared: ['潮汐随月亮而来，', '。\n离开：', '\n'], own: OF_ADA }

/** A letter of the same digest to another reader. */
function toBob(letter: Letter): Letter {
  const own = ['bobby@example.com', 'https://news.example.org/u/22?token=bob']
  const to = parseEmailAddress('bobby@example.com')
  const { html, text } = letter
  return {
    ...{ ...letter, to, id: '7.43@example.org', listUnsubscribe: ['mailto:bounces+u43@example.org'] },
    ...{ html: { ...html, own }, text: { ...text, own } },
  }
}

/** The same letter, of which nothing is known. */
function unknown(letter: Letter): Letter {
  const { html, text } = letter
  return { ...letter, html: { ...html, shared: [...html.shared] }, text: { ...text, shared: [...text.shared] } }
}

describe('composeMime() of a letter to the second reader of a digest', () => {
  for (const [says, body] of [
    ['in quoted-printable', LATIN],
    ['in base64', CHINESE],
  ] as const) {
    test(`${says} writes what it would write alone`, async () => {
      const ada = letterWith({ html: body, text: body })
      await composeMime(ada)
      expect(await composeMime(toBob(ada))).toEqual(await composeMime(unknown(toBob(ada))))
    })

    test(`${says} encodes again what is the reader's own, and nothing else`, () => {
      const ada = letterWith({ html: body, text: body })
      const known = new Set(mimeOf(ada).body)
      const fresh = mimeOf(toBob(ada)).body.filter((run) => !known.has(run))
      const isOwn = says.endsWith('base64') ? /^[\w+/=\r\n]+$/ : /^(?:bobby@|https:\/\/)/
      expect(fresh.map(String).filter((run) => !isOwn.test(run))).toEqual([])
      expect(Buffer.concat(fresh).length).toBeLessThan(400)
    })
  }

  const from = parseMailbox('Eve <eve@example.org>')
  for (const changes of [
    ...[{ subject: 'Wind' }, { date: 0 }, { from }, { replyTo: from }, { listId: 'wind.example.org' }],
    ...[
      { listHelp: 'https://a.example/' },
      { listArchive: 'https://a.example/' },
      { archivedAt: 'https://a.example/' },
    ],
    ...[{ hasOneClick: true }, { text: CHINESE }, { html: CHINESE }],
  ])
    test(`makes all anew when the ${Object.keys(changes).join()} is another`, async () => {
      const ada = letterWith({ html: LATIN, text: LATIN })
      await composeMime(ada)
      const other = { ...ada, ...changes }
      expect(await composeMime(other)).toEqual(await composeMime(unknown(other)))
      expect(await composeMime(other)).not.toEqual(await composeMime(ada))
    })
})

test('composeMime() writes no line of more than 76 characters before the words of a reader', async () => {
  for (let length = 70; length < 80; length++) {
    const body = { shared: ['x'.repeat(length), '\n'], own: ['ada@example.net'] }
    const [, ...lines] = (await composeMime(letterWith({ text: body, html: body }))).toString().split('\r\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(76)
  }
})

test('composeMime() writes bodies that read as their pieces and the words between them, in short lines', async () => {
  const piece = fc.array(
    fc.oneof(
      fc.constantFrom(' ', '  ', '\t', '\n', '\n\n', '=', '.', '--', 'From ', '=20', '潮', '😀', '潮汐随月亮而来，'),
      fc.string({ minLength: 1, maxLength: 90 }),
    ),
    { maxLength: 8 },
  )
  const text = piece.map((pieces) => pieces.join(''))
  const body = fc
    .array(fc.tuple(text, text), { maxLength: 5 })
    .map((pairs) => ({ shared: ['x', ...pairs.map(([one]) => one), 'x'], own: ['', ...pairs.map(([, own]) => own)] }))
  await fc.assert(
    fc.asyncProperty(body, body, async (text, html) => {
      const mime = await composeMime(letterWith({ text, html }))
      const read = await simpleParser(mime)
      expect(read).toMatchObject({ text: bodyText(text), html: bodyText(html) })
      const [, ...lines] = mime
        .toString('latin1')
        .split('\r\n\r\n')
        .join('\r\n')
        .split(/\r\n--=_/)
      expect(
        Math.max(
          ...lines
            .join('\r\n')
            .split('\r\n')
            .map(({ length }) => length),
        ),
      ).toBeLessThanOrEqual(76)
    }),
    { numRuns: 300 },
  )
})

test('composeMime() writes the same headers, and short lines, whatever the texts hold', async () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '\r\n',
      '\n',
      '\r',
      '\0',
      '\u2028',
      '\u0085',
      ' ',
      '\t',
      '=?',
      '?=',
      '"',
      '<',
      '>',
      ',',
      '@',
      '\\',
      '潮',
    ),
    fc.constantFrom('Bcc: eve@example.com', 'Content-Type: text/html', '\ud800', '.', 'https://example.org/'),
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.string({ maxLength: 200 }),
  )
  const anyText = fc.array(piece, { maxLength: 12 }).map((pieces) => `x${pieces.join('')}`)
  const given = fc.record({
    id: anyText,
    name: anyText,
    subject: anyText,
    text: anyText,
    html: anyText,
    listId: anyText,
  })
  await fc.assert(
    fc.asyncProperty(given, fc.webUrl({ withFragments: true }), anyText, async ({ name, ...texts }, archive, tail) => {
      const { from, envelopeFrom } = letterWith()
      const listUnsubscribe = [`mailto:${envelopeFrom}?subject=${tail}`]
      const letter = letterWith({ ...texts, from: { ...from, name }, listUnsubscribe, listArchive: archive })
      const mime = (await composeMime(letter)).toString('latin1')
      expect(headerNames(mime)).toEqual(HEADERS)
      expect(mime).not.toMatch(/[^\r]\n|\r[^\n]|[^\t\r\n\x20-\x7e]/)
      const foldable = mime.split('\r\n').filter((line) => !/^(?:List-|Archived-At:)/.test(line))
      expect(Math.max(...foldable.map((line) => line.length))).toBeLessThanOrEqual(998)
    }),
    { numRuns: 300 },
  )
})

/** The names of the headers of a letter, lower-cased, in their order. */
function headerNames(mime: string): string[] {
  const [head = ''] = mime.split('\r\n\r\n')
  return head
    .split('\r\n')
    .filter((line) => !/^[ \t]/.test(line))
    .map((line) => line.replace(/:.*/, '').toLowerCase())
}

/** Git may give the golden letter other line ends. */
function withLf(text: string): string {
  return text.replace(/\r\n/g, '\n')
}
