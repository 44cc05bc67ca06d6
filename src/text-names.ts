/** Every text that pages and letters have, with the words that are filled into it. */
export const TEXT_NAMES = {
  latest_updates: [],
  untitled: [],
  more_on_web: ['count'],
  new_count: ['count'],
  subject: ['site', 'title'],
  subject_more: ['site', 'title', 'count'],
  reason: ['address', 'site'],
  unsubscribe: [],
  read_on_web: [],
  past_digests: [],
  privacy: [],
  skip: [],
  subscribe: [],
  feeds: [],
  home_page: [],
  latest: [],
  newer: [],
  older: [],
  pages: [],
  page_number: ['number'],
  updates_between: ['first', 'last'],
  entry_number: ['number'],
  permanent_link: [],
  nothing: [],
  tags: [],
  more_tags: ['count'],
  older_entries: [],
  more_on_latest: ['count'],
  tag: [],
  category: [],
  author: [],
  source: [],
  colon: [],
  digest_of: ['day'],
  digest_subject: [],
  no_digest: [],
  entries_count: ['count'],
  follow: [],
  follow_by_mail: [],
  how_it_works: [],
  in_a_reader: [],
  what_a_reader_is: [],
  by_mail: [],
  what_a_digest_is: [],
  ask_by_mail: [],
  see_past_digests: [],
  only_a_part: [],
  what_parts_are: [],
  list_of_feeds: [],
  by_tag: [],
  by_category: [],
  by_author: [],
  by_source: [],
  ask_subject: ['site'],
} as const

export type TextName = keyof typeof TEXT_NAMES

export function isTextName(name: string): name is TextName {
  return Object.hasOwn(TEXT_NAMES, name)
}

/** The texts into which nothing is filled; templates know them as `texts.NAME`. */
export const PLAIN_TEXTS = Object.keys(TEXT_NAMES)
  .filter(isTextName)
  .filter((name) => TEXT_NAMES[name].length === 0)
