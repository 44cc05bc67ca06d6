import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Config } from './config.ts'
import {
  LETTER_CONTRACTS,
  type LetterTemplates,
  NOTICE_CONTRACTS,
  type NoticeTemplates,
} from './digest/letter-contract.ts'
import { PAGE_CONTRACT } from './pages/context.ts'
import { Problem } from './problem.ts'
import type { Contract, Template } from './template.ts'
import type { Texts } from './texts.ts'

/** The templates of a site, compiled. */
export interface Templates {
  page: Template
  letter: LetterTemplates
  notice: NoticeTemplates
  /** Our texts in a language, or in the nearest one that there is: `zh` for `zh-CN`, else English. */
  texts: (language: string) => Texts
}

/** The texts of the templates; compiling, with all that it loads, is for runs that render something. */
export interface TemplateSource {
  /** Another text whenever one of the templates changes. */
  texts: string
  /** The languages that our texts are in, as BCP 47 tags. */
  languages: readonly string[]
  /** @throws {Problem} `template-syntax`, `template-unknown-name`, `template-reader-branch`, `template-texts` */
  compiled: () => Promise<Templates>
}

/** Folder of the templates that come with the program. */
export const OWN_TEMPLATES = fileURLToPath(new URL('../templates', import.meta.url))

const FILES = {
  page: 'page.liquid',
  subject: 'digest.subject.liquid',
  preheader: 'digest.preheader.liquid',
  html: 'digest.html.liquid',
  text: 'digest.text.liquid',
  noticeHtml: 'notice.html.liquid',
  noticeText: 'notice.text.liquid',
} as const

/**
 * Reads the owner's templates; where one is missing, the program's own stands in.
 * @throws {Problem} `template-unreadable`
 */
export function readTemplates(config: Config): TemplateSource {
  const read = (file: string): FileText => templateText(config, file)
  const texts = {
    page: read(FILES.page),
    subject: read(FILES.subject),
    preheader: read(FILES.preheader),
    html: read(FILES.html),
    text: read(FILES.text),
    noticeHtml: read(FILES.noticeHtml),
    noticeText: read(FILES.noticeText),
  }
  const languages = readLanguages(config)
  let done: Promise<Templates> | null = null
  return {
    texts: JSON.stringify([Object.values(texts).map(({ text }) => text), [...languages]]),
    languages: [...languages.keys()],
    compiled: () => (done ??= compile(texts, languages)),
  }
}

interface FileText {
  /** As messages name it. */
  name: string
  text: string
}

async function compile(
  files: Record<keyof typeof FILES, FileText>,
  languages: ReadonlyMap<string, FileText>,
): Promise<Templates> {
  const [{ compileTemplate }, { readTexts, textsOf }] = await Promise.all([
    import('./template.ts'),
    import('./texts.ts'),
  ])
  const compiled = ({ name, text }: FileText, contract: Contract): Template => compileTemplate(name, text, contract)
  const english = readTexts(ENGLISH, readFileSync(join(OWN_TEMPLATES, TEXTS_FOLDER, ENGLISH), 'utf8'))
  const all = new Map(
    [...languages].map(([tag, { name, text }]) => [tag, textsOf(tag, readTexts(name, text), english)]),
  )
  return {
    page: compiled(files.page, PAGE_CONTRACT),
    letter: {
      subject: compiled(files.subject, LETTER_CONTRACTS.subject),
      preheader: compiled(files.preheader, LETTER_CONTRACTS.preheader),
      html: compiled(files.html, LETTER_CONTRACTS.html),
      text: compiled(files.text, LETTER_CONTRACTS.text),
    },
    notice: {
      html: compiled(files.noticeHtml, NOTICE_CONTRACTS.html),
      text: compiled(files.noticeText, NOTICE_CONTRACTS.text),
    },
    texts: (language) => all.get(nearest(language, [...all.keys()])) ?? textsOf('en', english, english),
  }
}

/** The tag of a list that stands for a language: the same, or with fewer subtags (RFC 4647, section 3.4); else `en`. */
export function nearest(language: string, tags: readonly string[]): string {
  for (let range = language; range !== ''; range = range.replace(/(?:^|-)[^-]*$/, '')) {
    const found = tags.find((tag) => tag.toLowerCase() === range.toLowerCase())
    if (found !== undefined) return found
  }
  return 'en'
}

const TEXTS_FOLDER = 'texts'
const ENGLISH = 'en.yaml'

/** The files of texts by language; one of the owner's stands in the place of the program's own. */
function readLanguages(config: Config): Map<string, FileText> {
  const found = [OWN_TEMPLATES, config.digest.templates].flatMap((folder) => languagesIn(join(folder, TEXTS_FOLDER)))
  return new Map(found.sort().map((tag) => [tag, templateText(config, join(TEXTS_FOLDER, `${tag}.yaml`))]))
}

function languagesIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).flatMap((file) => {
    const [, tag = ''] = /^(.*)\.yaml$/.exec(file) ?? []
    return isLanguage(tag) ? [tag] : []
  })
}

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1
  } catch {
    return false
  }
}

function templateText(config: Config, file: string): FileText {
  const owners = join(config.digest.templates, file)
  const isOwn = !existsSync(owners)
  const where = isOwn ? file : relative(config.dir, owners).split(sep).join('/')
  try {
    return { name: where, text: readFileSync(isOwn ? join(OWN_TEMPLATES, file) : owners, 'utf8') }
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause)) throw cause
    const mend = 'make it a file that Feedwire may read, or take it away'
    throw new Problem('template-unreadable', `Cannot read the template (${String(cause.code)})`, { where, mend, cause })
  }
}
