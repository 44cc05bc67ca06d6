import { expect, test } from 'vitest'
import { collectionFolder, collectionKey, collectionSlug } from '../src/collection.ts'

const free = (): boolean => false

for (const [a, b] of [
  ['Tides', 'tides'],
  ['CAFÉ', 'cafe\u0301'],
  ['ΣΑΣ', 'σας'],
  ['Straße', 'STRAẞE'],
] as const)
  test(`collectionKey() takes ${a} and ${b} for one name`, () => expect(collectionKey(a)).toBe(collectionKey(b)))

for (const [a, b] of [
  ['tide', 'tides'],
  ['C', 'C++'],
  ['潮汐', '潮'],
] as const)
  test(`collectionKey() keeps ${a} and ${b} apart`, () => expect(collectionKey(a)).not.toBe(collectionKey(b)))

for (const [says, name, slug] of [
  ['keeps Chinese', '潮汐 入门', '潮汐-入门'],
  ['keeps marks with their letters', 'हिन्दी', 'हिन्दी'],
  ['writes a dash for all else, once', 'C++ & Rust', 'c-rust'],
  ['leads to no other folder', '../../etc', 'etc'],
  ['has no dash at its ends', ' #tides! ', 'tides'],
] as const)
  test(`collectionSlug() ${says}`, () => expect(collectionSlug(collectionKey(name), free)).toBe(slug))

for (const [says, name] of [
  ['only of signs', '+++'],
  ['of an emoji', '🌊'],
  ['Windows keeps for a device', 'CON'],
] as const)
  test(`collectionSlug() gives a name ${says} digits of its own`, () => {
    const slug = collectionSlug(collectionKey(name), free)
    expect(slug).toMatch(/^(?:con-)?[0-9a-f]{8}$/)
    expect(collectionSlug(collectionKey(name), free)).toBe(slug)
  })

test('collectionSlug() gives the second of two names a suffix, the same whatever else there is', () => {
  expect(collectionSlug('c', free)).toBe('c')
  expect(collectionSlug('c++', (slug) => slug === 'c')).toMatch(/^c-[0-9a-f]{8}$/)
  expect(collectionSlug('c++', (slug) => slug === 'c')).not.toBe(collectionSlug('c#', (slug) => slug === 'c'))
})

for (const letter of ['a', '潮', '👩‍👩‍👧‍👦', 'e\u0301'])
  test(`collectionSlug() cuts a very long name of ${letter} between two characters, below what a file may have`, () => {
    const slug = collectionSlug(collectionKey(letter.repeat(500)), () => true)
    expect(Buffer.byteLength(slug)).toBeLessThan(120)
    expect(slug).not.toMatch(/\uFFFD|^-/)
  })

test('collectionFolder() is below the folder of its kind', () => {
  expect(collectionFolder({ kind: 'category', slug: 'notes' })).toBe('categories/notes/')
})
