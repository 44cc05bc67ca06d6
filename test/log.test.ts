import { describe, expect, test } from 'vitest'
import { openLog } from '../src/log.ts'

/** The one line that an event becomes, read back. */
function logged(event: string, fields?: object): { line: string; read: unknown } {
  const lines: string[] = []
  openLog((line) => lines.push(line)).info(event, fields)
  const [line = '', ...more] = lines
  expect(more).toEqual([])
  return { line, read: JSON.parse(line) }
}

test('a log writes an event as one line of JSON, with level and time', () => {
  const { line, read } = logged('run', { new: 3, published: { written: 2 } })
  expect(line).not.toContain('\n')
  expect(read).toEqual({
    ...{ level: 'info', time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) },
    ...{ event: 'run', new: 3, published: { written: 2 } },
  })
})

test('a log marks errors', () => {
  const lines: string[] = []
  openLog((line) => lines.push(line)).error('failed', { code: 'publish-failed' })
  expect(JSON.parse(lines.join())).toMatchObject({ level: 'error', event: 'failed', code: 'publish-failed' })
})

describe('a log masks the address in', () => {
  for (const [says, text, shown] of [
    ['a place', 'reader@example.net', 'r***@example.net'],
    ['a reply', '550 <reader@example.net>: no such user', '550 <r***@example.net>: no such user'],
    ['a list', 'ann@example.net,bob@example.net', 'a***@example.net,b***@example.net'],
    ['a quoted text', 'Cannot add "reader@example.net"', 'Cannot add "r***@example.net"'],
    ['the line below', 'refused:\nreader@example.net', 'refused:\nr***@example.net'],
    ['a text behind a tab', 'to\treader@example.net', 'to\tr***@example.net'],
    ['a text behind a control character', 'to\u001freader@example.net', 'to\u001fr***@example.net'],
    ['a text behind a backslash', 'to\\reader@example.net', 'to\\r***@example.net'],
    ['a text after a quote and a line end', '"\nreader@example.net"', '"\nr***@example.net"'],
    ['a text with plus and dots', 'reader.of+tides@example.net', 'r***@example.net'],
    ['other letters', 'läsare@xn--exmple-cua.net', 'l***@xn--exmple-cua.net'],
    ['a mailto link', 'mailto:reader@example.net?subject=x', 'mailto:r***@example.net?subject=x'],
  ] as const)
    test(says, () => {
      const { line, read } = logged('problem', { where: text })
      expect(read).toMatchObject({ where: shown })
      expect(line).not.toContain('eader@')
    })

  test('a field within a field', () => {
    expect(logged('run', { problems: [{ where: 'reader@example.net' }] }).read).toMatchObject({
      problems: [{ where: 'r***@example.net' }],
    })
  })
})

test('a log leaves a control character before a lone "@" readable', () => {
  expect(logged('problem', { message: '\u001f@example.net' }).read).toMatchObject({ message: '\u001f@example.net' })
})

describe('a log hides the secret in', () => {
  const SECRET = 'pa"ss wo\\rd@1'
  for (const [says, text] of [
    ['a text', `535 wrong password ${SECRET}`],
    ['an address', `smtp://user:${encodeURIComponent(SECRET)}@mail.example.org`],
    ['a field within a field', SECRET],
  ] as const)
    test(says, () => {
      const lines: string[] = []
      openLog((line) => lines.push(line), { secrets: [SECRET, 'abc'] }).error('failed', {
        at: { message: text },
        abc: 1,
      })
      const read: unknown = JSON.parse(lines.join(''))
      expect(read).toMatchObject({ at: { message: expect.stringContaining('***') }, abc: 1 })
      expect(JSON.stringify(read)).not.toMatch(/pa.{1,3}ss/)
    })
})

test('a log leaves a number what it is, be its digits a secret', () => {
  const lines: string[] = []
  openLog((line) => lines.push(line), { secrets: ['2345'] }).info('run', { durationMs: 12345, message: 'key 2345' })
  expect(JSON.parse(lines.join(''))).toMatchObject({ durationMs: 12345, message: 'key ***' })
})

describe('a log for a person writes', () => {
  const pretty = (write: (log: ReturnType<typeof openLog>) => void): string => {
    const lines: string[] = []
    write(openLog((line) => lines.push(line), { isPretty: true }))
    return lines.join('\n').replace(/^\d\d:\d\d:\d\d /, '')
  }
  for (const [says, fields, line] of [
    ['an event and what belongs to it', { new: 3, published: { written: 2 } }, 'run  new 3  published.written 2'],
    [
      'lists, and nothing of what is not there',
      { tags: ['a', 'b'], where: null, sent: 0, stopped: false },
      'run  tags ["a","b"]',
    ],
    ['addresses masked', { where: 'reader@example.net' }, 'run  where r***@example.net'],
    ['control characters written out', { message: 'a\u001b[2Jb\nc' }, 'run  message a\\x1b[2Jb\\nc'],
  ] as const)
    test(says, () => expect(pretty((log) => log.info('run', fields))).toBe(line))

  test('errors marked', () => expect(pretty((log) => log.error('failed'))).toBe('ERROR failed'))
})
