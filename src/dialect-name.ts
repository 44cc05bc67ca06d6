/** The programs whose folders are read as they stand; `plain` is any other folder of notes. */
export const DIALECTS = [
  'hexo',
  'hugo',
  'jekyll',
  'astro',
  'vitepress',
  'eleventy',
  'zola',
  'obsidian',
  'plain',
] as const
export type DialectName = (typeof DIALECTS)[number]
