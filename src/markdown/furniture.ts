/** What stands above a table of contents, which a program often puts there. */
export const CONTENTS =
  /^\s*(?:table of contents|contents|toc|目录|目錄|目次|목차|índice|tabla de contenidos?|sumário|table des matières|sommaire|inhalt(?:sverzeichnis)?|содержание|оглавление|зміст|indice|spis treści|mục lục|içindekiler)\s*[:：]?\s*$/i

/** What doctoc writes above its table of contents. */
const DOCTOC = /^\*\*Table of Contents\*\*\s+\*generated with /
/** Several tags alone, or behind a word for them, as notes have them above or below their text. */
const HASHTAGS =
  /^(?:tags?|keywords|标签|標籤|关键词)[ \t]*[:：]{1,2}(?:\s*#[\p{L}\p{N}_/-]+)+\s*$|^(?:#[\p{L}\p{N}_/-]+(?:\s+|$)){2,}$/iu
/** Macros of TeX without dollars, which only a script of the page reads. */
const MACROS =
  /^(?:[ \t]*\\(?:(?:re)?newcommand|providecommand|DeclareMathOperator|def)(?![a-z])[*{\\ ][^\n]*\}[ \t]*(?:\n|$))+$/i
const LANGUAGE =
  '(?:english|en|chinese|(?:simplified|traditional) chinese|(?:简体|簡體|繁体|繁體)?中文(?:版|[（(][简繁簡]体?[）)])?|英文(?:版)?|zh(?:-cn)?|cn|japanese|日本語(?:版)?|ja|korean|한국어|français|deutsch|español|português(?: \\([^()]{1,20}\\))?|русский|italiano|türkçe|tiếng việt)'
const LANGUAGES = new RegExp(`^${LANGUAGE}(?:\\s*[|｜/·•]\\s*${LANGUAGE})+$`, 'iu')
const LINK = /\[([^[\]]{1,40})\]\([^()\s]{1,500}\)/g

/** Whether a paragraph tells nothing: the heading of a list of contents, tags, other languages, macros of TeX. */
export function isFurniture(paragraph: string): boolean {
  if (paragraph.startsWith('\\') && MACROS.test(paragraph)) return true
  if (paragraph.length > 1000) return false
  const bare = paragraph.replace(/^[*_]+|[*_:：]+$/g, '')
  return CONTENTS.test(bare) || DOCTOC.test(paragraph) || HASHTAGS.test(paragraph) || isLanguages(paragraph)
}

function isLanguages(paragraph: string): boolean {
  if (!paragraph.includes('](')) return false
  const names = paragraph.replace(LINK, '$1').replace(/[*_\u{1f1e6}-\u{1f1ff}\u{1f310}]/gu, '')
  return LANGUAGES.test(names.trim().replace(/\s+/g, ' '))
}
