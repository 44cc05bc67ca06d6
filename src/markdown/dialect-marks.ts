import { mayHoldDirectives } from './directive.ts'
import { ATTRIBUTE_MARKS } from './line-instructions.ts'
import { holdsLoneHeading } from './lone-heading.ts'
import type { Syntax } from './syntax.ts'
import { beginsWithImport } from './unmarked.ts'
import { PLUGIN_SIGNS } from './vault-plugins.ts'

/** What every instruction of a dialect has in it somewhere. */
const MARKS_OF_ANY = [
  ...['::', '[!', '{#', '{.', '{:', '{/*', '{ #', '<<<', '<svelte:', '@include', '@[', '@tab'],
  ...['oc]', 'OC]', 'oc -->', 'OC -->', '!!!', '???', '=== "', '===!', '===+'],
  ...ATTRIBUTE_MARKS,
]
const MARKS: Record<keyof Syntax, readonly string[]> = {
  liquid: ['{%', '{{', '{#', '\\\\(', '\\\\['],
  shortcodes: ['{{', '\\\\(', '\\\\['],
  wiki: ['[[', '%%', '==', ' ^', '::', ':LOGBOOK:', '{{', '{:', ...PLUGIN_SIGNS],
  mdx: ['{', '<', 'import', 'export'],
  vue: ['{{', '<'],
  kramdown: ['{:', '$$', '\\\\(', '\\\\[', 'markdown=', '>\n', '#', '^\n'],
}

/** False for a text that surely has no instruction of a dialect in it. */
export function mayHoldMarks(source: string, syntax: Syntax): boolean {
  const holds = (mark: string): boolean => source.includes(mark)
  const { liquid, shortcodes, wiki, mdx, vue, kramdown } = syntax
  // Rare first letters are found soonest.
  return (
    (liquid && MARKS.liquid.some(holds)) ||
    (shortcodes && MARKS.shortcodes.some(holds)) ||
    (kramdown && MARKS.kramdown.some(holds)) ||
    (vue && MARKS.vue.some(holds)) ||
    (mdx && MARKS.mdx.some(holds)) ||
    (wiki && MARKS.wiki.some(holds)) ||
    MARKS_OF_ANY.some(holds) ||
    holds('##') ||
    (holds('#') && holdsLoneHeading(source)) ||
    beginsWithImport(source) ||
    mayHoldDirectives(source)
  )
}
