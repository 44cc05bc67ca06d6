import { existsSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Config } from './config.ts'
import { LETTER_CONTRACTS, type LetterTemplates } from './digest/letter.ts'
import { PAGE_CONTRACT } from './pages/context.ts'
import { Problem } from './problem.ts'
import type { Contract, Template } from './template.ts'

/** The templates of a site, compiled. */
export interface Templates {
  page: Template
  letter: LetterTemplates
}

/** The texts of the templates; compiling, with all that it loads, is for runs that render something. */
export interface TemplateSource {
  /** Another text whenever one of the templates changes. */
  texts: string
  /** @throws {Problem} `template-syntax`, `template-unknown-name`, `template-reader-branch` */
  compiled: () => Promise<Templates>
}

const OWN_TEMPLATES = fileURLToPath(new URL('../templates', import.meta.url))

/**
 * Reads the owner's templates; where one is missing, the program's own stands in.
 * @throws {Problem} `template-unreadable`
 */
export function readTemplates(config: Config): TemplateSource {
  const read = (file: string): TemplateText => templateText(config, file)
  const page = read('page.liquid')
  const [subject, html, text] = [read('digest.subject.liquid'), read('digest.html.liquid'), read('digest.text.liquid')]
  let done: Promise<Templates> | null = null
  return {
    texts: [page, subject, html, text].map((template) => template.text).join('\u0000'),
    compiled: () => (done ??= compile({ page, subject, html, text })),
  }
}

interface TemplateText {
  /** As messages name it. */
  name: string
  text: string
}

async function compile(texts: Record<'page' | 'subject' | 'html' | 'text', TemplateText>): Promise<Templates> {
  const { compileTemplate } = await import('./template.ts')
  const compiled = ({ name, text }: TemplateText, contract: Contract): Template => compileTemplate(name, text, contract)
  return {
    page: compiled(texts.page, PAGE_CONTRACT),
    letter: {
      subject: compiled(texts.subject, LETTER_CONTRACTS.subject),
      html: compiled(texts.html, LETTER_CONTRACTS.html),
      text: compiled(texts.text, LETTER_CONTRACTS.text),
    },
  }
}

function templateText(config: Config, file: string): TemplateText {
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
