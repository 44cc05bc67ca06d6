import { expect, test } from 'vitest'
import { Slots } from '../../src/feeds/slots.ts'

test('Slots names survive what a serialiser does to texts and URLs', () => {
  const name = new Slots().put('x')
  expect(new URL(name).href).toBe(name)
  expect(name).not.toMatch(/[&<>"'\s\]]/)
})

test('Slots.fill() puts each text in its place, also within CDATA and attributes', () => {
  const slots = new Slots()
  const [first, second] = [slots.put('<b>1</b>'), slots.put('2')]
  expect(slots.fill(`<a x="${second}">${first}</a><c><![CDATA[${first}]]></c>`)).toBe(
    '<a x="2"><b>1</b></a><c><b>1</b></c>',
  )
})

test('Slots.fill() tells the tenth slot from the first', () => {
  const slots = new Slots()
  const names = Array.from({ length: 12 }, (_, n) => slots.put(String.fromCharCode(97 + n)))
  expect(slots.fill(names.join(''))).toBe('abcdefghijkl')
})

test('Slots.fill() puts in a text that looks like a slot or a replacement pattern as it stands', () => {
  const slots = new Slots()
  expect(slots.fill(slots.put('slot:0; $& $1'))).toBe('slot:0; $& $1')
})

test('Slots.fill() refuses a name that nobody was given', () => {
  expect(() => new Slots().fill('slot:3;')).toThrow('slot 3')
})
