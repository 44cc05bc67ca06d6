import type { Contract, Template } from '../template.ts'
import { PLAIN_TEXTS } from '../text-names.ts'

/** The templates of a letter. */
export interface LetterTemplates {
  subject: Template
  /** What mail programs show behind the subject. */
  preheader: Template
  html: Template
  text: Template
}

/** The templates of a letter that is no digest. */
export interface NoticeTemplates {
  html: Template
  text: Template
}

const SITE_NAMES = [
  ...['site.title', 'site.description', 'site.url', 'site.home', 'site.language', 'site.is_rtl', 'site.privacy_url'],
  'site.postal_lines[]',
]
const LINE_NAMES = [
  ...SITE_NAMES,
  ...PLAIN_TEXTS.map((name) => `texts.${name}`),
  ...['digest.id', 'digest.date', 'digest.language', 'digest.is_foreign', 'digest.count', 'digest.more'],
  ...['digest.new_text', 'digest.more_text', 'digest.more_url', 'digest.web_url', 'digest.archive_url'],
  ...['digest.headline', 'digest.has_preferences'],
  ...['entries[].title', 'entries[].url', 'entries[].date', 'entries[].datetime', 'entries[].snippet'],
  ...['entries[].category', 'entries[].tags[]'],
]
const BODY_NAMES = [
  ...LINE_NAMES,
  ...[
    'digest.subject',
    'digest.preheader',
    'digest.reason',
    'reader.unsubscribe_url',
    'reader.preferences_url',
    'reader.address',
  ],
]

/** What `templates/digest.{subject,preheader,html,text}.liquid` may be written with. */
export const LETTER_CONTRACTS: Readonly<Record<keyof LetterTemplates, Contract>> = {
  subject: { format: 'text', names: LINE_NAMES },
  preheader: { format: 'text', names: LINE_NAMES },
  html: { format: 'html', names: BODY_NAMES },
  text: { format: 'text', names: BODY_NAMES },
}

const NOTICE_NAMES = [
  ...SITE_NAMES,
  ...PLAIN_TEXTS.map((name) => `texts.${name}`),
  ...['notice.subject', 'notice.language', 'notice.is_foreign', 'notice.text', 'notice.ask', 'notice.note'],
  ...['notice.url', 'notice.button'],
]

/** What `templates/notice.{html,text}.liquid` may be written with. */
export const NOTICE_CONTRACTS: Readonly<Record<keyof NoticeTemplates, Contract>> = {
  html: { format: 'html', names: NOTICE_NAMES },
  text: { format: 'text', names: NOTICE_NAMES },
}
