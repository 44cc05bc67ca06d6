import { describe, expect, test } from 'vitest'
import { Problem } from '../src/problem.ts'
import { addressKey, parseEmailAddress, parseMailbox } from '../src/subscriber.ts'

describe('parseEmailAddress() reads', () => {
  for (const [says, text, address] of [
    ['an address', 'ada@example.org', 'ada@example.org'],
    ['white space around it', ' \tada@example.org\n', 'ada@example.org'],
    ['a domain in capitals, and leaves the local part', 'Ada.L@Example.ORG', 'Ada.L@example.org'],
    ['every character of an atom', "a!#$%&'*+-/=?^_`{|}~z@example.org", "a!#$%&'*+-/=?^_`{|}~z@example.org"],
    ['an international domain as A-labels', 'ada@Bücher.example', 'ada@xn--bcher-kva.example'],
    ['the dots of a Chinese keyboard', 'ada@例。測試', 'ada@xn--fsq.xn--g6w251d'],
    ['an international local part', '潮汐@example.org', '潮汐@example.org'],
    ['a name of this machine', 'root@localhost', 'root@localhost'],
    ['a local part of 64 octets', `${'a'.repeat(64)}@example.org`, `${'a'.repeat(64)}@example.org`],
    ['254 octets', `a@${'b.'.repeat(125)}cc`, `a@${'b.'.repeat(125)}cc`],
  ] as const)
    test(says, () => expect(parseEmailAddress(text)).toBe(address))
})

describe('parseEmailAddress() refuses', () => {
  for (const [says, text] of [
    ['nothing', ''],
    ['no @', 'example.org'],
    ['no local part', '@example.org'],
    ['no domain', 'ada@'],
    ['two @', 'ada@eve@example.org'],
    ['a line break and a header', 'ada@example.org\r\nBcc: eve@example.com'],
    ['a line break in the local part', 'ada\r\n@example.org'],
    ['a NUL', 'a\0da@example.org'],
    ['a space', 'ada lovelace@example.org'],
    ['a no-break space', 'ada\u00a0l@example.org'],
    ['a zero width space', 'ada\u200b@example.org'],
    ['a bidirectional override', 'ada\u202e@example.org'],
    ['half a surrogate pair', 'ada\ud800@example.org'],
    ['two addresses', 'ada@example.org,eve@example.com'],
    ['angle brackets', '<ada@example.org>'],
    ['a name', 'Ada <ada@example.org>'],
    ['a quoted local part', '"ada"@example.org'],
    ['a comment', 'ada(x)@example.org'],
    ['a mailto URL', 'mailto:ada@example.org'],
    ['a source route', '@a.example:ada@example.org'],
    ['a dot at the start', '.ada@example.org'],
    ['a dot at the end', 'ada.@example.org'],
    ['two dots', 'ada..l@example.org'],
    ['a domain without a dot', 'ada@example'],
    ['two dots in the domain', 'ada@example..org'],
    ['a dot after the domain', 'ada@example.org.'],
    ['a hyphen at the start of a label', 'ada@-example.org'],
    ['an underscore in the domain', 'ada@my_example.org'],
    ['a domain literal', 'ada@[192.0.2.1]'],
    ['an IP address', 'ada@192.0.2.1'],
    ['a number that a URL takes for an IP address', 'ada@1.2'],
    ['an escaped domain', 'ada@ex%61mple.org'],
    ['a port', 'ada@example.org:25'],
    ['a path', 'ada@example.org/x'],
    ['a bad A-label', 'ada@xn--a.org'],
    ['an A-label for a name in ASCII', 'ada@xn--zz--.org'],
    ['a label of 64 octets', `ada@${'a'.repeat(64)}.org`],
    ['a local part of 65 octets', `${'a'.repeat(65)}@example.org`],
    ['a local part of 66 octets in 22 characters', `${'潮'.repeat(22)}@example.org`],
    ['more than 320 characters, be they fewer as A-labels', `a@${`${'e\u0301'.repeat(40)}.`.repeat(4)}example`],
    ['255 octets', `aa@${'b.'.repeat(125)}cc`],
  ] as const)
    test(says, () => expect(() => parseEmailAddress(text)).toThrow(Problem))

  test('and shows on one line what was given, cut when it is long', () => {
    expect(() => parseEmailAddress('a\nb')).toThrow('"a\\nb" is not an e-mail address')
    expect(() => parseEmailAddress('a'.repeat(200))).toThrow(`"${'a'.repeat(100)}..." is not an e-mail address`)
  })
})

describe('parseMailbox() reads', () => {
  for (const [says, text, name, address] of [
    ['a name and an address', 'Ada <digest@example.org>', 'Ada', 'digest@example.org'],
    ['an address alone', 'digest@example.org', '', 'digest@example.org'],
    ['an address in brackets', '<digest@example.org>', '', 'digest@example.org'],
    ['a name of any script', '潮汐 日报 <digest@example.org>', '潮汐 日报', 'digest@example.org'],
    ['a quoted name', '"Lovelace, \\"Ada\\"" <digest@example.org>', 'Lovelace, "Ada"', 'digest@example.org'],
    ['a comma that is not quoted', 'Lovelace, Ada <digest@example.org>', 'Lovelace, Ada', 'digest@example.org'],
    ['no space, or more', ' Ada<digest@example.org> ', 'Ada', 'digest@example.org'],
  ] as const)
    test(says, () => expect(parseMailbox(text)).toEqual({ name, address }))
})

describe('parseMailbox() refuses', () => {
  for (const [says, text] of [
    ['a name alone', 'Ada'],
    ['a bad address', 'Ada <digest>'],
    ['two addresses', 'Ada <digest@example.org> <eve@example.com>'],
    ['text after the address', 'Ada <digest@example.org> x'],
    ['a line break in the name', 'Ada\r\nBcc: eve@example.com <digest@example.org>'],
    ['a sender whose local part is not ASCII', '潮汐@example.org'],
  ] as const)
    test(says, () => expect(() => parseMailbox(text)).toThrow(Problem))
})

test('addressKey() is the same for spellings of one address', () => {
  const composed = parseEmailAddress('Zo\u00eb@Example.org')
  const decomposed = parseEmailAddress('zoe\u0308@example.ORG')
  expect(addressKey(composed)).toBe(addressKey(decomposed))
  expect(addressKey(composed)).not.toBe(addressKey(parseEmailAddress('zoe@example.org')))
})
