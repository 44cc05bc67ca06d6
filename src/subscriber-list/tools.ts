/** What a column of a list tells of a reader. */
export const ROLES = [
  'address',
  /** A word for the state; a list may have several such columns. */
  'state',
  /** A word of ours for the state, in a file of rejects. */
  'own_state',
  /** True: the reader gets mail. */
  'on',
  /** True: the reader gets none. */
  'off',
  /** When the reader left; empty: they did not. */
  'left',
  /** When mail to the address came back for good; empty: it did not. */
  'bounced',
  'suppressed',
  'suppressed_at',
  'suppressed_why',
  'joined',
  'asked',
  'confirmed',
  'client',
  'source',
  'place',
  'text',
  'frequency',
  'zone',
  'topics',
  'language',
] as const

export type Role = (typeof ROLES)[number]

/** What the word of a tool means here. `pending`: the reader never agreed to be mailed. */
export type Standing = 'active' | 'paused' | 'pending' | 'unsubscribed' | 'bounced' | 'complained'

/** A program that writes lists of readers. */
export interface Tool {
  name: string
  /** It is this tool when all columns of one of these are there. */
  signs: readonly (readonly string[])[]
  columns: Partial<Record<Role, readonly string[]>>
  /** Words that mean something else here than in other lists. */
  words?: Readonly<Record<string, Standing>>
}

/**
 * Tells the state in a file of rejects, whose list told it by its name alone. Other tools have a `state` of another kind:
 * that of an address in America.
 */
export const OWN_STATE = 'feedwire_state'

const OWN_WISHES = { frequency: ['frequency'], zone: ['zone'], topics: ['topics'], language: ['language'] }

/** Names of the column of addresses, in all lists; that of a tool may be translated. */
const ADDRESS = ['address', 'email', 'email_address', 'e_mail', 'e_mail_address', 'subscriber_email']

/** Columns as their exports name them, with `_` for spaces and hyphens, in small letters. */
const TOOLS: readonly Tool[] = [
  {
    name: 'Feedwire',
    signs: [['address', 'state', 'consent_source']],
    columns: {
      ...OWN_WISHES,
      state: ['state'],
      suppressed: ['suppressed'],
      suppressed_at: ['suppressed_at'],
      suppressed_why: ['suppressed_why'],
      joined: ['added_at'],
      left: ['left_at'],
      asked: ['consent_asked_at'],
      confirmed: ['consent_confirmed_at'],
      source: ['consent_source'],
      place: ['consent_place'],
      client: ['consent_client'],
      text: ['consent_text'],
    },
  },
  {
    // TIMEZONE is guessed from the network address of the reader, who never asked for it.
    name: 'Mailchimp',
    signs: [['member_rating'], ['optin_time'], ['leid', 'euid']],
    columns: {
      left: ['unsub_time'],
      bounced: ['clean_time'],
      asked: ['optin_time'],
      confirmed: ['confirm_time'],
      client: ['confirm_ip', 'optin_ip'],
      language: ['lang', 'language'],
    },
  },
  {
    // `active_subscription` tells who pays: readers who do not are readers all the same.
    name: 'Substack',
    signs: [['email_disabled'], ['active_subscription']],
    columns: { off: ['email_disabled'], joined: ['created_at'] },
  },
  {
    name: 'Buttondown',
    signs: [['subscriber_type'], ['type', 'creation_date'], ['email_address', 'type']],
    columns: {
      state: ['type', 'subscriber_type'],
      left: ['unsubscription_date'],
      bounced: ['undeliverability_date'],
      joined: ['creation_date', 'subscription_date'],
      client: ['ip_address'],
    },
    // Who pauses there pauses paying, and is still mailed to.
    words: { paused: 'active' },
  },
  {
    name: 'listmonk',
    signs: [['uuid', 'email', 'status']],
    columns: { state: ['status', 'subscription_status'], joined: ['created_at'] },
  },
  {
    name: 'Ghost',
    signs: [['subscribed_to_emails']],
    columns: { on: ['subscribed_to_emails'], left: ['deleted_at'], joined: ['created_at'] },
  },
]

const ANY_LIST: Tool = {
  name: '',
  signs: [],
  columns: {
    ...OWN_WISHES,
    state: ['state', 'status', 'subscription_status'],
    suppressed: ['suppressed'],
    left: ['left_at', 'unsubscribed_at'],
    joined: ['added_at', 'created_at', 'joined_at', 'subscribed_at', 'start_date'],
    asked: ['consent_asked_at', 'optin_at'],
    confirmed: ['consent_confirmed_at', 'confirmed_at'],
    client: ['consent_client', 'ip', 'ip_address'],
    text: ['consent_text'],
  },
}

/** The tool that names its columns like this; one without a name when it is none that is known. */
export function toolOf(names: readonly string[]): Tool {
  const tool = TOOLS.find(({ signs }) => signs.some((sign) => sign.every((name) => names.includes(name)))) ?? ANY_LIST
  return { ...tool, columns: { ...tool.columns, address: ADDRESS, own_state: [OWN_STATE] } }
}

const WORDS: Readonly<Record<Standing, readonly string[]>> = {
  active: [
    ...['active', 'subscribed', 'enabled', 'confirmed', 'regular', 'premium', 'trialed', 'unpaid', 'gifted', 'free'],
    ...['churning', 'churned', 'past_due', 'paid', 'comp'],
  ],
  paused: ['paused'],
  pending: ['pending', 'unconfirmed', 'unactivated', 'nonsubscribed', 'non_subscribed', 'transactional', 'blocked'],
  unsubscribed: ['unsubscribed', 'inactive', 'disabled', 'removed', 'deleted', 'archived', 'cancelled', 'canceled'],
  bounced: ['bounced', 'cleaned', 'undeliverable', 'hard_bounced'],
  complained: ['complained', 'blocklisted', 'blacklisted', 'spammed', 'abuse'],
}

const STANDINGS: readonly Standing[] = ['active', 'paused', 'pending', 'unsubscribed', 'bounced', 'complained']

/**
 * What a word for a state means; null when nobody knows.
 * @param tool whose word it is; null: ours
 */
export function standingOf(tool: Tool | null, written: string): Standing | null {
  const word = columnName(written)
  return tool?.words?.[word] ?? STANDINGS.find((standing) => WORDS[standing].includes(word)) ?? null
}

/** How files begin that hold readers of one state, as Mailchimp names them. */
const FILES: readonly (readonly [string, Standing])[] = [
  ['unsubscribe', 'unsubscribed'],
  ['nonsubscribed', 'pending'],
  ['cleaned', 'bounced'],
  ['bounce', 'bounced'],
  ['complain', 'complained'],
]

/** What the name of a file says of all readers in it; null when it says nothing. */
export function standingOfFile(name: string): Standing | null {
  return FILES.find(([start]) => name.toLowerCase().startsWith(start))?.[1] ?? null
}

/** A name of a column, or a word, without what its spelling adds: `Email Address` is `email_address`. */
export function columnName(written: string): string {
  return written
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_')
}
