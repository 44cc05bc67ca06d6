import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isOneClick } from '../../src/web/one-click.ts'

const FORM = 'application/x-www-form-urlencoded'
const PARTS = 'multipart/form-data; boundary=tide'

/** A body of one part, with these lines. */
function part(...lines: string[]): string {
  return ['--tide', ...lines, '--tide--', ''].join('\r\n')
}

const WHOLE = part('Content-Disposition: form-data; name="List-Unsubscribe"', '', 'One-Click')

describe('isOneClick() takes', () => {
  for (const [says, type, body] of [
    ['a urlencoded field', FORM, 'List-Unsubscribe=One-Click'],
    ['a urlencoded field with a line end', FORM, 'List-Unsubscribe=One-Click\r\n'],
    ['a urlencoded field that is escaped', FORM, 'List%2DUnsubscribe=One%2dClick'],
    ['a urlencoded field among others', FORM, 'a=b&List-Unsubscribe=One-Click&c=d'],
    ['a type with a charset', `${FORM}; charset=UTF-8`, 'List-Unsubscribe=One-Click'],
    ['no type', '', 'List-Unsubscribe=One-Click'],
    ['a part', PARTS, WHOLE],
    ['a type in other letters', 'Multipart/Form-Data; Boundary="tide"', WHOLE],
    ['a part in lines without CR', PARTS, WHOLE.replaceAll('\r', '')],
    ['a part behind a preamble', PARTS, `for old programs\r\n${WHOLE}`],
    ['a part before an epilogue', PARTS, `${WHOLE}bye\r\n`],
    ['a part whose last boundary has no line end', PARTS, WHOLE.trimEnd()],
    ['a name without quotes', PARTS, WHOLE.replaceAll('"', '')],
    ['a header in small letters', PARTS, WHOLE.replace('Content-Disposition: ', 'content-disposition:')],
    [
      'a part with more headers',
      PARTS,
      part(
        'Content-Type: text/plain',
        'Content-Disposition: form-data; name="List-Unsubscribe"',
        'X: y',
        '',
        'One-Click',
      ),
    ],
    ['a part among others', PARTS, part('Content-Disposition: form-data; name="a"', '', 'b') + WHOLE],
  ] as const)
    test(says, () => expect(isOneClick(type, body)).toBe(true))

  test('what FormData makes', async () => {
    const form = new FormData()
    form.set('List-Unsubscribe', 'One-Click')
    const posted = new Response(form)
    expect(isOneClick(posted.headers.get('content-type') ?? '', await posted.text())).toBe(true)
  })
})

describe('isOneClick() refuses', () => {
  for (const [says, type, body] of [
    ['an empty body', FORM, ''],
    ['the name alone', FORM, 'List-Unsubscribe'],
    ['another value', FORM, 'List-Unsubscribe=Yes'],
    ['a longer value', FORM, 'List-Unsubscribe=One-Clicked'],
    ['another name', FORM, 'Unsubscribe=One-Click'],
    ['JSON', 'application/json', '{"List-Unsubscribe":"One-Click"}'],
    ['an empty body of parts', PARTS, ''],
    ['a part without a body', PARTS, 'Content-Disposition: form-data; name="List-Unsubscribe"'],
    ['a part of another value', PARTS, WHOLE.replace('One-Click', 'Yes')],
    ['a part of another name', PARTS, WHOLE.replace('List', 'Lost')],
    ['a part whose file has the name', PARTS, WHOLE.replace('name=', 'name="a"; filename=')],
    ['a urlencoded body that calls itself parts', PARTS, 'List-Unsubscribe=One-Click'],
  ] as const)
    test(says, () => expect(isOneClick(type, body)).toBe(false))

  test('any other body, of any type', () =>
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(FORM, PARTS), fc.string()), fc.string({ maxLength: 500 }), (type, body) => {
        expect(isOneClick(type, body)).toBe(false)
      }),
    ))
})
