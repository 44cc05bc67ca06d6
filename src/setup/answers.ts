import { basename } from 'node:path'
import { checkSettings } from '../config.ts'
import { Problem } from '../problem.ts'
import type { SeenSite } from './seen-site.ts'

/** What the owner says of a new site; null is what they leave open. */
export interface Answers {
  title: string
  /** Of the home page. */
  url: string
  /** Folder of the articles, relative to the site's. */
  articles: string
  /** Address of the mail server, with its password. */
  smtp: string | null
  from: string | null
  /** `instant`, or a cron line. */
  schedule: string
}

/** Answers that were given before any question. */
export type Given = Partial<Record<keyof Answers, string>>

/** Asks a person; an empty answer means the fallback. */
export type Ask = (question: string, fallback: string) => Promise<string>

/** Told why an answer will not do. */
export type Complain = (line: string) => void

interface Question {
  text: string
  /** The setting that it is for. */
  setting: string
  /** Settings of which the answer is one; the rest of them is right. */
  probe: (answer: string) => object
}

const SITE = { title: 'x', url: 'https://example.org/' }

const QUESTIONS: Record<keyof Answers, Question> = {
  title: {
    text: 'Title of the site',
    setting: 'site.title',
    probe: (title) => ({ site: { ...SITE, title } }),
  },
  url: {
    text: 'Address of its home page, such as https://blog.example.org/',
    setting: 'site.url',
    probe: (url) => ({ site: { ...SITE, url } }),
  },
  articles: {
    text: 'Folder of the articles',
    setting: 'sources[0].dir',
    probe: (dir) => ({ site: SITE, sources: [{ kind: 'markdown', dir }] }),
  },
  smtp: {
    text: 'Mail server, such as smtp://user:password@mail.example.org:587; none: letters become files',
    setting: 'mail.smtp',
    probe: (smtp) => ({ site: SITE, mail: { smtp, from: 'digest@example.org' } }),
  },
  from: {
    text: 'Sender of the letters, such as Ada <digest@example.org>',
    setting: 'mail.from',
    probe: (from) => ({ site: SITE, mail: { from } }),
  },
  schedule: {
    text: 'When a digest goes out: instant (with each run that finds something), or a cron line such as 0 8 * * 1',
    setting: 'digest.schedule',
    probe: (schedule) => ({ site: SITE, digest: { schedule } }),
  },
}

/** What may be left open. */
const OPEN: readonly (keyof Answers)[] = ['smtp', 'from']

/**
 * Gathers the answers: those given, else those of the person, else what was seen and usual.
 * @param ask null when nobody is there to be asked
 * @throws {Problem} `argument-title` and the like for an answer given that will not do, or one that is missing
 */
export async function gatherAnswers(
  folder: string,
  seen: SeenSite,
  given: Given,
  ask: Ask | null,
  complain: Complain,
): Promise<Answers> {
  for (const key of keys()) if (given[key] !== undefined) accept(key, given[key], folder)
  const answer = (key: keyof Answers, fallback: string): Promise<string> => {
    const known = given[key]
    if (known !== undefined) return Promise.resolve(known.trim())
    if (ask !== null) return asked(key, fallback, folder, ask, complain)
    accept(key, fallback, folder)
    return Promise.resolve(fallback)
  }
  const title = await answer('title', seen.title ?? titleOf(folder))
  const url = await answer('url', seen.url ?? '')
  const articles = await answer('articles', seen.articles)
  const smtp = await answer('smtp', '')
  const from = await answer('from', ask === null ? '' : senderOf(title, url))
  const schedule = await answer('schedule', 'instant')
  if (smtp !== '' && from === '') {
    const mend = 'give --from, such as "Ada <digest@example.org>"'
    throw new Problem('argument-from', 'Letters by SMTP need a sender', { mend })
  }
  return { title, url, articles, smtp: smtp || null, from: from || null, schedule }
}

function keys(): (keyof Answers)[] {
  return ['title', 'url', 'articles', 'smtp', 'from', 'schedule']
}

async function asked(
  key: keyof Answers,
  fallback: string,
  folder: string,
  ask: Ask,
  complain: Complain,
): Promise<string> {
  const usual = faultOf(key, fallback, folder) === null ? fallback : ''
  for (;;) {
    const answer = (await ask(QUESTIONS[key].text, usual)).trim()
    const fault = faultOf(key, answer, folder)
    if (fault === null) return answer
    complain(fault)
  }
}

function accept(key: keyof Answers, answer: string, folder: string): void {
  const fault = faultOf(key, answer, folder)
  if (fault === null) return
  if (answer === '') {
    const message = `It is not known: ${QUESTIONS[key].text.toLowerCase()}`
    throw new Problem(`argument-${key}`, message, { mend: `give it as --${key}` })
  }
  throw new Problem(`argument-${key}`, fault, { where: `--${key}`, mend: 'give it another value' })
}

/** What the settings have against an answer; null when it will do. */
function faultOf(key: keyof Answers, answer: string, folder: string): string | null {
  if (answer.trim() === '' && OPEN.includes(key)) return null
  const { setting, probe } = QUESTIONS[key]
  const checked = checkSettings(probe(answer.trim()), folder, {})
  if (checked.ok) return null
  const messages = checked.problems.map(({ message }) => message)
  const start = `${setting}: `
  return messages.find((message) => message.startsWith(start))?.slice(start.length) ?? messages[0] ?? null
}

function titleOf(folder: string): string {
  const words = basename(folder)
    .replace(/[-_.\s]+/g, ' ')
    .trim()
  return words === '' ? 'Latest updates' : words.slice(0, 1).toUpperCase() + words.slice(1)
}

/** `Tide Notes <digest@blog.example.org>`; what RFC 5322 calls special needs quotes (section 3.2.4). */
function senderOf(title: string, url: string): string {
  const name = /[()<>[\]:;@\\,."]/.test(title) ? `"${title.replace(/["\\]/g, '\\$&')}"` : title
  return `${name} <digest@${new URL(url).hostname}>`
}
