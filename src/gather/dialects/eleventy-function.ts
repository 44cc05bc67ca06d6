/** A function that does nothing but fill a template: `(data) => \`/blog/${data.page.fileSlug}/\``. */
const HEAD =
  /\bpermalink\s{0,99}(?::\s{0,99}(?:async\s{1,99})?(?:function\s{0,99}\w{0,99}\s{0,99})?)?(?:\(\s{0,99}(?:\{[^{}()]{0,200}\}|\w{0,99})\s{0,99}\)|\w{1,99}(?=\s{0,99}=>))\s{0,99}(?:=>\s{0,99})?(?:\{\s{0,99}return\s{0,99})?`([^`\\]{1,400})`\s{0,99}[;,}]/
const VALUE = /\$\{\s*(?:(?:this|filters)\.)?(slugify|slug)\(\s*([\w.]+)\s*\)\s*\}|\$\{\s*([\w.]+)\s*\}/g

/**
 * The permalink that a data file in JavaScript makes by a function, as a template of Liquid; null when there is none
 * or it does more than fill in fields and slugs.
 */
export function functionPermalink(script: string): string | null {
  const template = HEAD.exec(script)?.[1]
  if (template === undefined) return null
  const filled = template.replace(
    VALUE,
    (_, filter: string | undefined, slugged: string | undefined, plain: string | undefined) =>
      filter === undefined ? `{{ ${fieldOf(plain ?? '')} }}` : `{{ ${fieldOf(slugged ?? '')} | ${filter} }}`,
  )
  return filled.includes('${') ? null : filled
}

function fieldOf(name: string): string {
  return name.replace(/^data\./, '')
}
