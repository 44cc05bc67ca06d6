import { expect, test } from 'vitest'
import {
  type Separator,
  authorsField,
  boolField,
  imageField,
  isFalse,
  isTrue,
  namesField,
  textField,
} from '../../src/gather/fields.ts'

test.each([
  ['Tides', 'Tides'],
  ['  Tides\n and\u0007\twind ', 'Tides and wind'],
  ['', null],
  [' \u0000 ', null],
  [null, null],
  [undefined, null],
  [['Tides'], null],
  [{ name: 'Tides' }, null],
  ['\u200b\u200d', null],
  ['a\u200bb', 'a\u200bb'],
])('textField() reads %j as %j', (value, text) => expect(textField(value)).toBe(text))

test.each<[unknown, string[]]>([
  [
    ['sea', 'moon'],
    ['sea', 'moon'],
  ],
  ['sea, moon', ['sea', 'moon']],
  ['sea\uFF0C moon、潮；风', ['sea', 'moon', '潮', '风']],
  ['tide tables', ['tide tables']],
  [
    ['sea', ' sea ', '', null, 'moon'],
    ['sea', 'moon'],
  ],
  [
    [['sea'], [['moon']]],
    ['sea', 'moon'],
  ],
  [
    [['Nature', 'Sea'], ['Nature', 'Moon'], 'Diary'],
    ['Nature', 'Sea', 'Moon', 'Diary'],
  ],
  [['a, b'], ['a, b']],
  [
    [{ name: 'sea' }, { title: 'moon' }],
    ['sea', 'moon'],
  ],
  [{ name: 'sea' }, ['sea']],
  [{ sea: null, moon: null }, ['sea', 'moon']],
  [
    ['sea', { 'C++': 'basics' }],
    ['sea', 'C++: basics'],
  ],
  [
    ['#sea', '# sea', '#sea/moon', 'C#', '##x'],
    ['sea', '# sea', 'sea/moon', 'C#', 'x'],
  ],
  ['#sea, #moon', ['sea', 'moon']],
  [
    ['[[Sea]]', '[[notes/Moon|Moon]]', ['[[x']],
    ['Sea', 'Moon', '[[x'],
  ],
  ['[[Sea]], #[[Moon]]', ['Sea', 'Moon']],
  [',,', []],
  ['', []],
  [null, []],
  [undefined, []],
])('namesField() reads %j as %j', (value, names) => expect(namesField(value)).toEqual(names))

test.each<[string, Separator, string[]]>([
  ['sea moon', 'space-or-comma', ['sea', 'moon']],
  [' sea   moon ', 'space-or-comma', ['sea', 'moon']],
  ['sea moon, tides', 'space-or-comma', ['sea moon', 'tides']],
  ['sea moon', 'comma', ['sea moon']],
])('namesField() parts %j by %s', (value, separator, names) => expect(namesField(value, separator)).toEqual(names))

test('namesField() leaves the spaces in names of a list', () => {
  expect(namesField(['tide tables'], 'space-or-comma')).toEqual(['tide tables'])
})

test.each<[unknown, string[]]>([
  ['Ada', ['Ada']],
  ['Ada, Grace', ['Ada', 'Grace']],
  ['Ada Lovelace, Grace Hopper, and Mary Somerville', ['Ada Lovelace', 'Grace Hopper', 'Mary Somerville']],
  ['艾达、格蕾丝', ['艾达', '格蕾丝']],
  ['Tides and Winds', ['Tides and Winds']],
  ['Tide Tables, Inc.', ['Tide Tables, Inc.']],
  ['Ada Lovelace, Ph.D., Grace', ['Ada Lovelace, Ph.D.', 'Grace']],
  ['Ada <ada@example.org>', ['Ada']],
  ['"Ada" <ada@example.org>', ['Ada']],
  ['ada@example.org (Ada)', ['Ada']],
  ['Ada (https://ada.example.org/)', ['Ada']],
  ['Ada (editor)', ['Ada (editor)']],
  ['ada@example.org', []],
  ['https://ada.example.org/', []],
  ['[Ada](https://ada.example.org/)', ['Ada']],
  ['Ada ([@ada](https://ada.example.org/ada))', ['Ada']],
  ['[[Ada]]', ['Ada']],
  ['@ada', ['@ada']],
  [{ name: 'Ada', email: 'ada@example.org' }, ['Ada']],
  [{ Name: 'Ada' }, ['Ada']],
  [
    ['Ada', 'Grace', 'Ada'],
    ['Ada', 'Grace'],
  ],
  [
    [{ name: 'Ada' }, 'Grace', { nick: 'mary' }],
    ['Ada', 'Grace', 'mary'],
  ],
  [{ ada: { name: 'Ada' }, grace: { name: 'Grace' } }, ['Ada', 'Grace']],
  [[], []],
  [{ email: 'ada@example.org' }, []],
  ['', []],
  [null, []],
])('authorsField() reads %j as %j', (value, names) => expect(authorsField(value)).toEqual(names))

test.each([
  ['https://example.org/sea', 'https://example.org/sea'],
  ['//example.org/sea.png', '//example.org/sea.png'],
  ['/img/sea', '/img/sea'],
  ['./sea', './sea'],
  ['../img/sea.webp', '../img/sea.webp'],
  ['sea.PNG', 'sea.PNG'],
  ['img/潮 汐.jpg', 'img/潮 汐.jpg'],
  ['sea.png?v=2', 'sea.png?v=2'],
  ['![the sea](sea.png "At noon")', 'sea.png'],
  ['[[sea.png]]', 'sea.png'],
  ['![[sea.png|300]]', 'sea.png'],
  [{ url: 'sea.png', alt: 'The sea' }, 'sea.png'],
  [{ src: '/sea' }, '/sea'],
  [{ image: { path: 'sea.png' } }, 'sea.png'],
  [{ teaser: 'teaser.png', feature: 'sea.png' }, 'sea.png'],
  [{ Image: 'sea.png' }, 'sea.png'],
  [['', 'sea.png', 'moon.png'], 'sea.png'],
  [[{ url: 'sea.png' }], 'sea.png'],
  ['false', null],
  ['true', null],
  ['The sea', null],
  ['#336699', null],
  ['data:image/png;base64,AAAA', null],
  ['data:x.png', null],
  ['', null],
  [null, null],
  [{ alt: 'The sea' }, null],
])('imageField() reads %j as %j', (value, image) => expect(imageField(value)).toBe(image))

test.each([
  ['true', true],
  ['True', true],
  [' yes ', true],
  ['on', true],
  ['1', true],
  ['false', false],
  ['NO', false],
  ['off', false],
  ['0', false],
  ['maybe', null],
  ['', null],
  [null, null],
  [['true'], null],
])('boolField() reads %j as %j', (value, bool) => {
  expect(boolField(value)).toBe(bool)
  expect([isTrue(value), isFalse(value)]).toEqual([bool === true, bool === false])
})

test('no field goes down endless lists', () => {
  const lists: unknown = JSON.parse('['.repeat(50_000) + ']'.repeat(50_000))
  expect([namesField(lists), authorsField(lists), imageField(lists)]).toEqual([[], [], null])
})
