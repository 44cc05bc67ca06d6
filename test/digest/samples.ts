import { readFileSync } from 'node:fs'
import { LETTER_CONTRACTS, type LetterTemplates } from '../../src/digest/letter-contract.ts'
import { type DigestEntry, type LetterInput, readerTokens } from '../../src/digest/letter.ts'
import type { Site } from '../../src/site.ts'
import { type Template, compileTemplate } from '../../src/template.ts'
import { type Texts, readTexts, textsOf } from '../../src/texts.ts'

const read = (name: string): string => readFileSync(new URL(`../../templates/${name}`, import.meta.url), 'utf8')

/** Our own template of a part of the letter, or another text for it. */
export function templateOf(part: keyof LetterTemplates, text = read(`digest.${part}.liquid`)): Template {
  return compileTemplate(`digest.${part}.liquid`, text, LETTER_CONTRACTS[part])
}

export const TEMPLATES: LetterTemplates = {
  subject: templateOf('subject'),
  preheader: templateOf('preheader'),
  html: templateOf('html'),
  text: templateOf('text'),
}

const english = readTexts('en.yaml', read('texts/en.yaml'))
export const ENGLISH: Texts = textsOf('en', english, english)
export const CHINESE: Texts = textsOf('zh', readTexts('zh.yaml', read('texts/zh.yaml')), english)

export const TOKENS = readerTokens('k3n9')

export const SITE: Site = {
  title: 'SEA & SKY',
  description: 'Notes',
  url: 'https://example.org/',
  language: 'zh-CN',
  timezone: 'Asia/Shanghai',
  author: null,
  icon: null,
  favicon: null,
  postalAddress: null,
  privacy: null,
}

export const TIDES: DigestEntry = {
  title: 'Tides',
  link: 'https://example.org/tides/',
  date: Date.UTC(2026, 2, 1, 22),
  tags: ['sea'],
  categories: ['Notes'],
  snippet: 'Why the water comes and goes.',
}

/** What a letter in English is made from, with what the test changes about its site and its digest. */
export function inputWith(site: Partial<Site> = {}, digest: Partial<LetterInput['digest']> = {}): LetterInput {
  return {
    ...{ site: { ...SITE, ...site }, publishUrl: 'https://example.org/feeds/', texts: ENGLISH, tokens: TOKENS },
    hasPreferences: true,
    digest: {
      ...{ id: '20260302-a1', date: Date.UTC(2026, 2, 1, 22), zone: 'Asia/Shanghai', entries: [TIDES], more: 0 },
      ...digest,
    },
  }
}
