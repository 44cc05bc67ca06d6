import { describe, expect, test } from 'vitest'
import { csvLines } from '../../src/subscriber-list/write.ts'
import { open, readersOf, rowsOf } from './list.ts'

// Columns and values are those of real exports; the readers are made up.
const MAILCHIMP =
  '"Email Address","First Name",MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,TIMEZONE,CC,LAST_CHANGED,LEID,EUID,NOTES,TAGS'
const MAILCHIMP_ROW =
  'ann@example.net,Ann,2,"2018-02-12 17:59:31",192.0.2.7,"2018-02-12 18:06:58",192.0.2.8,europe/zurich,ch,"2019-01-01 00:00:00",1,a,,"""vip"""'
const UNSUBSCRIBED = MAILCHIMP.replace('LAST_CHANGED', 'UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_REASON')
const CLEANED = MAILCHIMP.replace('LAST_CHANGED', 'CLEAN_TIME,CLEAN_CAMPAIGN_TITLE')
const mailchimpRow = (cells: string): string => MAILCHIMP_ROW.replace('"2019-01-01 00:00:00"', cells)
const EXPORT = 'audience_export_1a2b3c.csv'
const SUBSTACK = 'email,active_subscription,expiry,plan,email_disabled,created_at,first_payment_at'
const BUTTONDOWN = 'email_address,notes,tags,type,creation_date,ip_address'
const LISTMONK = 'uuid,email,name,attributes,status,created_at,updated_at'
const GHOST =
  'id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,created_at,deleted_at,labels,tiers'

describe('the export of', () => {
  for (const [tool, header] of [
    ['Mailchimp', MAILCHIMP],
    ['Mailchimp', UNSUBSCRIBED],
    ['Mailchimp', CLEANED],
    ['Substack', SUBSTACK],
    ['Substack', 'email,expiry,email_disabled,stripe_connected_customer_id,type'],
    ['Buttondown', BUTTONDOWN],
    ['Buttondown', 'email,subscriber_type,tags,creation_date'],
    ['listmonk', LISTMONK],
    ['Ghost', GHOST],
    ['', 'email,name'],
  ] as const)
    test(`${tool === '' ? 'an unknown tool' : tool} is recognised by ${header}`, async () => {
      expect((await open(`${header}\n`)).columns.tool.name).toBe(tool)
    })
})

describe('a list is read as each tool means it:', () => {
  for (const [says, text, readers, name = 'list.csv'] of [
    ['subscribed in Mailchimp', [MAILCHIMP, MAILCHIMP_ROW], ['ann@example.net active']],
    ['subscribed, by name', [MAILCHIMP, MAILCHIMP_ROW], ['ann@example.net active'], `subscribed_email_${EXPORT}`],
    ['never subscribed, by name', [MAILCHIMP, MAILCHIMP_ROW], ['unconfirmed'], `nonsubscribed_email_${EXPORT}`],
    ['unsubscribed, by name', [MAILCHIMP, MAILCHIMP_ROW], ['ann@example.net unsubscribed'], `unsubscribed_${EXPORT}`],
    ['cleaned, by name', [MAILCHIMP, MAILCHIMP_ROW], ['ann@example.net active bounced'], `cleaned_${EXPORT}`],
    ['unsubscribed, by time', [UNSUBSCRIBED, mailchimpRow('2020-05-13 10:18:25,,')], ['ann@example.net unsubscribed']],
    ['unsubscribed, by columns alone', [UNSUBSCRIBED, mailchimpRow(',,')], ['ann@example.net unsubscribed']],
    ['cleaned, by time', [CLEANED, mailchimpRow('2020-05-13 10:18:25,')], ['ann@example.net active bounced']],
    ['cleaned, by columns alone', [CLEANED, mailchimpRow(',')], ['ann@example.net active bounced']],
    [
      'who pays for nothing in Substack is a reader, who takes no mail is none',
      [SUBSTACK, 'a@example.net,false,,,false,2025-01-01,', 'b@example.net,true,2026-12-01,yearly,true,2025-01-01,'],
      ['a@example.net active', 'b@example.net unsubscribed'],
    ],
    [
      'types of Buttondown',
      [
        BUTTONDOWN,
        ...['regular', 'premium', 'unpaid', 'paused', 'past_due', 'unactivated', 'unsubscribed', 'removed'].map(
          (type) => `${type}@example.net,,,${type},2023-01-01T10:00:00Z,`,
        ),
        'gone@example.net,,,undeliverable,2023-01-01T10:00:00Z,',
      ],
      [
        ...['regular@example.net active', 'premium@example.net active', 'unpaid@example.net active'],
        ...['paused@example.net active', 'past_due@example.net active', 'unconfirmed'],
        ...['unsubscribed@example.net unsubscribed', 'removed@example.net unsubscribed'],
        'gone@example.net active bounced',
      ],
    ],
    [
      'states of listmonk',
      [
        LISTMONK,
        ...['enabled', 'disabled', 'blocklisted'].map((state) => `1,${state}@example.net,A,{},${state},2024-01-01,`),
      ],
      [
        'enabled@example.net active',
        'disabled@example.net unsubscribed',
        'blocklisted@example.net unsubscribed complained',
      ],
    ],
    [
      'subscriptions of listmonk, of which the strictest counts',
      [
        `${LISTMONK},subscription_status`,
        ...['confirmed', 'unconfirmed', 'unsubscribed'].map((is) => `1,${is}@example.net,A,{},enabled,,,${is}`),
      ],
      ['confirmed@example.net active', 'unconfirmed', 'unsubscribed@example.net unsubscribed'],
    ],
    [
      'members of Ghost',
      [
        GHOST,
        '1,a@example.net,A,,true,,,,,,',
        '2,b@example.net,B,,false,,,,,,',
        '3,c@example.net,C,,true,,,,2024-01-01,,',
      ],
      ['a@example.net active', 'b@example.net unsubscribed', 'c@example.net unsubscribed'],
    ],
    [
      'states of any other list',
      [
        'Email;Status',
        'a@example.net;Active',
        'b@example.net;PAUSED',
        'c@example.net;bounced',
        'd@example.net;pending',
      ],
      ['a@example.net active', 'b@example.net paused', 'c@example.net active bounced', 'unconfirmed'],
    ],
    ['a list without states, by name', ['email', 'a@example.net'], ['a@example.net unsubscribed'], 'Unsubscribers.csv'],
    [
      'a state that stands in the list, whatever its name',
      ['email,state', 'a@x.example,active'],
      ['a@x.example active'],
      'unsubscribed.csv',
    ],
    ['a word that is no state', ['email,status', 'a@example.net,VIP'], ['list.csv:2 list-state']],
    ['a word that is neither true nor false', [SUBSTACK, 'a@example.net,true,,,maybe,,'], ['list.csv:2 list-flag']],
  ] as const)
    test(says, async () => expect(await readersOf(text.join('\n'), name)).toEqual(readers))
})

describe('what the owner says of all readers of a list', () => {
  for (const [says, text, given, readers, name = 'list.csv'] of [
    ['holds for a list that says nothing', ['a@x.example'], 'unsubscribed', ['a@x.example unsubscribed']],
    ['may be that they bounced', ['a@x.example'], 'bounced', ['a@x.example active bounced']],
    ['may be that they complained', ['a@x.example'], 'complained', ['a@x.example unsubscribed complained']],
    ['may be that they paused', [BUTTONDOWN, 'a@x.example,,,regular,,'], 'paused', ['a@x.example paused']],
    ['counts more than the name of the list', ['a@x.example'], 'active', ['a@x.example active'], 'unsubscribed.csv'],
    [
      'brings nobody back',
      ['email,state', 'a@x.example,left', 'b@x.example,unsubscribed', 'c@x.example,pending'],
      'active',
      ['list.csv:2 list-state', 'b@x.example unsubscribed', 'unconfirmed'],
    ],
  ] as const)
    test(says, async () => expect(await readersOf(text.join('\n'), name, given)).toEqual(readers))
})

describe('what a reader agreed to is kept, as told by', () => {
  const time = (iso: string): number => Date.parse(iso)
  for (const [says, text, consent] of [
    [
      'Mailchimp',
      [MAILCHIMP, MAILCHIMP_ROW],
      {
        ...{ source: 'import', place: 'list.csv', client: '192.0.2.8', text: 'Mailchimp: confirmed' },
        ...{ askedAt: time('2018-02-12T17:59:31Z'), confirmedAt: time('2018-02-12T18:06:58Z') },
      },
    ],
    [
      'Buttondown',
      [BUTTONDOWN, 'a@example.net,,,regular,2023-01-01T10:00:00Z,192.0.2.9'],
      { client: '192.0.2.9', text: 'Buttondown: regular', confirmedAt: time('2023-01-01T10:00:00Z') },
    ],
    [
      'listmonk',
      [LISTMONK, '1,a@example.net,A,{},enabled,2024-01-01 12:00:00.5+02,'],
      { client: '', text: 'listmonk: enabled', askedAt: time('2024-01-01T10:00:00.5Z') },
    ],
    ['a list that says nothing', ['a@example.net'], { text: '', place: 'list.csv', askedAt: null, confirmedAt: null }],
    ['a client that is no address', ['email,ip', 'a@example.net,<script>'], { client: '' }],
  ] as const)
    test(says, async () => expect(await rowsOf(text.join('\n'))).toMatchObject([{ reader: { consent } }]))
})

test('the language of Mailchimp chooses among our texts, and its guess of a zone is not kept', async () => {
  const rows = [`${MAILCHIMP},LANG`, `${MAILCHIMP_ROW},zh_CN`, `${MAILCHIMP_ROW},fr`]
  const wishes = { frequency: 'site', zone: null, topics: [] }
  expect(await rowsOf(rows.join('\n'))).toMatchObject([
    { reader: { wishes: { ...wishes, language: 'zh' } } },
    { reader: { wishes: { ...wishes, language: null } } },
  ])
})

test('columns of which nothing is kept are named', async () => {
  expect((await open(`${LISTMONK}\n`)).columns.ignored).toEqual(['uuid', 'name', 'attributes', 'updated_at'])
})

test('an export of ours comes back as it was, whatever texts there are now', async () => {
  const cells = {
    ...{
      address: 'ann@example.net',
      state: 'active',
      suppressed: 'complained',
      suppressed_at: '2025-01-02T03:04:05.678Z',
    },
    ...{ suppressed_why: 'spam', added_at: '2024-01-02T03:04:05.678Z', frequency: 'daily', zone: 'Asia/Tokyo' },
    ...{ topics: '["tag:a, b"]', language: 'pt-BR', consent_asked_at: '2023-01-02T03:04:05.678Z' },
    ...{ consent_confirmed_at: '2023-01-02T03:05:05.678Z', consent_source: 'form', consent_place: '/join' },
    ...{ consent_client: '2001:db8::1', consent_text: 'Send me the digest' },
  }
  const text = csvLines([Object.keys(cells), Object.values(cells)])
  expect(await rowsOf(text)).toMatchObject([
    {
      reader: {
        ...{ address: 'ann@example.net', state: 'active', joinedAt: Date.parse(cells.added_at), leftAt: null },
        suppression: { reason: 'complained', detail: 'spam', since: Date.parse(cells.suppressed_at) },
        wishes: { frequency: 'daily', zone: 'Asia/Tokyo', topics: ['tag:a, b'], language: 'pt-BR' },
        consent: {
          ...{ source: 'form', place: '/join', client: '2001:db8::1', text: 'Send me the digest' },
          askedAt: Date.parse(cells.consent_asked_at),
          confirmedAt: Date.parse(cells.consent_confirmed_at),
        },
      },
      oddDate: null,
    },
  ])
})
