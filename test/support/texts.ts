import { readFileSync } from 'node:fs'
import { type Texts, readTexts, textsOf } from '../../src/texts.ts'

/** The program's own texts in a language. */
export function ownTexts(language: 'en' | 'zh'): Texts {
  return textsOf(language, tableOf(language), tableOf('en'))
}

function tableOf(language: string) {
  const name = `templates/texts/${language}.yaml`
  return readTexts(name, readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8'))
}
